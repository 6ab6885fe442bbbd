import { join } from "node:path";
import type { AnalyzeResult } from "@pulumi/pulumi/provider/experimental/analyzer.js";
import { beforeAll, describe, expect, it } from "vitest";
import { analyzed, COMPONENTS, componentNames } from "./support/analyzed.ts";
import { argumentTable } from "./support/argumentTable.ts";
import { packageSchema } from "./support/packageSchema.ts";

describe("the library, to other Pulumi languages", () => {
    let schema: AnalyzeResult;

    beforeAll(() => {
        schema = analyzed();
    }, 60_000);

    it("has every component that it has for TypeScript", () => {
        expect(Object.keys(schema.components).toSorted()).toEqual(componentNames.toSorted());
        expect(componentNames).toContain("TunnelIngress");
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

    it("is a Pulumi package with this schema (written anew in the same way)", async () => {
        await expect(packageSchema(schema)).toMatchFileSnapshot(join(COMPONENTS, "schema.json"));
    });

    it("has no name that another language's SDK makes of another one", () => {
        const names = [...Object.keys(schema.components), ...Object.keys(schema.typeDefinitions)];
        expect(names.filter((name) => /(?:Args|Array|Input|Map|Output|Ptr|State)$/.test(name))).toEqual([]);
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
