import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type AnalyzeResult, Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer.js";
import { beforeAll, describe, expect, it } from "vitest";
import * as library from "../../components/index.ts";
import { argumentTable } from "./support/argumentTable.ts";

const COMPONENTS = join(import.meta.dirname, "../../components");

describe("the library, to other Pulumi languages", () => {
    let schema: AnalyzeResult;
    const names = Object.entries(library)
        .filter(([, value]) => typeof value === "function" && value.prototype instanceof pulumi.ComponentResource)
        .map(([name]) => name);

    beforeAll(() => {
        // The analyzer with which Pulumi reads a component library for Python, Go, C#, Java and YAML. It throws on what it
        // cannot express, such as callbacks, inline unions and base classes of one's own.
        const packageJson = { name: "sallyport", version: "0.1.0" };
        schema = new Analyzer(COMPONENTS, "sallyport", packageJson, new Set(names)).analyze();
    }, 60_000);

    it("has every component that it has for TypeScript", () => {
        expect(Object.keys(schema.components).toSorted()).toEqual(names.toSorted());
        expect(names).toContain("TunnelIngress");
    });

    it("has documented arguments only", () => {
        const inputs = Object.entries(schema.components).flatMap(([component, definition]) =>
            Object.entries(definition.inputs).map(([input, { description }]) => ({
                at: `${component}.${input}`,
                description,
            })),
        );
        expect(inputs.filter(({ description }) => !description).map(({ at }) => at)).toEqual([]);
        expect(inputs.length).toBeGreaterThan(40);
    });

    it("checks arguments without a type check against the same shapes (written anew with `-u` behind the file's name)", async () => {
        await expect(argumentTable(schema)).toMatchFileSnapshot(join(COMPONENTS, "arguments.json"));
    });

    it("offers closed choices as enumerations", () => {
        const choices = Object.values(schema.typeDefinitions).filter((type) => type.enum !== undefined);
        expect(choices.map(({ name }) => name).toSorted()).toEqual([
            "Authorisation",
            "BackEnd",
            "CertificateKeyAlgorithm",
            "ClusterConnectorKind",
            "ConnectorLogLevel",
            "ConsulSidecar",
            "DevicePlatform",
            "DevicePostureKind",
            "DnsForwarder",
            "FederationProtocol",
            "HostConnectorKind",
            "IdentityProviderKind",
            "LabelScheme",
            "ProxyCipherSuite",
            "ProxyCurve",
            "ProxyLogLevel",
            "ProxyTlsVersion",
            "ScimIdentityUpdates",
            "TcpProtocol",
            "TunnelManagement",
            "TunnelProtocol",
            "VersionOperator",
            "WireGuardForm",
        ]);
    });
});
