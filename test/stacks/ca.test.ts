import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";
import { constraintViolations } from "../../components/proxy/mkcert/constraintViolations.ts";
import { certificatesIn } from "../../components/proxy/mkcert/pem.ts";
import type { CaConfig } from "../../stacks/config/ca.ts";
import { parseEnvironment } from "../../stacks/config/parse.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { deploy as deployStack } from "../../stacks/deploy.ts";
import { Token, textOf } from "../components/fixtures.ts";
import { deploy } from "../support/mocks.ts";

const staging = readStackFile(projectDir, "staging", { environment: {} });

/** What the connectors verify the proxy with, and what the proxy shows. */
async function shipped(ca: CaConfig) {
    const { inputsOf, error, resources } = await deploy(() => deployStack({ ...staging, ca }));
    expect(error).toBeUndefined();
    const [leafConfig] = resources.filter(({ type, name }) => type === Token.Config && /^traefik-cert/.test(name));
    return {
        trusted: certificatesIn(textOf(inputsOf(Token.Config, "tunnel-connector-origin-ca"))),
        shown: certificatesIn(textOf(leafConfig?.inputs ?? {})),
    };
}

describe("the authority of a stack", () => {
    it("certifies the proxy and no other name", async () => {
        const { trusted } = await shipped({});
        const names = { emailAddresses: ["ada@example.com"], ipAddresses: ["10.0.0.1"], uris: ["spiffe://traefik/x"] };
        const refused = constraintViolations(trusted[0] ?? "", { dnsNames: ["traefik", "example.com"], ...names });
        expect(refused.map(({ path }) => path)).toEqual([
            "dnsNames[1]",
            "emailAddresses[0]",
            "ipAddresses[0]",
            "uris[0]",
        ]);
    });

    it("is followed by the next root while connectors trust both", async () => {
        const { trusted, shown } = await shipped({ generation: 2, alsoTrust: [1] });
        const names = trusted.map((pem) => new X509Certificate(pem).subject);
        expect(names).toEqual(["CN=ca-certificate-2", "CN=ca-certificate"]);
        expect(shown[1]).toBe(trusted[0]);
    });

    it("has its mistakes told by the path in the stack file", () => {
        const values = { accountId: "a".repeat(32), zone: "example.com", team: "example", audiences: {} };
        const ca = { generation: 2, alsoTrust: [2], rollOver: { since: "2027-01-01", every: "8760h" } };
        const parse = () =>
            parseEnvironment({ stack: "staging", file: "Pulumi.staging.yaml", values: { ...values, ca }, projectDir });
        expect(parse).toThrow(/sallyport:ca\.generation: contradicts "rollOver"/);
        expect(parse).toThrow(/sallyport:ca\.alsoTrust\[0\]: 2 signs, so it is trusted anyway/);
    });
});
