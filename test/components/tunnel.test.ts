import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { NamedTunnel } from "../../components/index.ts";
import { deploy, problemsOf, promiseOf, uuid } from "../support/mocks.ts";
import { ACCOUNT, Token } from "./fixtures.ts";

describe("NamedTunnel", () => {
    it("makes a tunnel that takes its rules from Cloudflare, with a random secret that the state keeps encrypted", async () => {
        const { inputsOf, resources } = await deploy(
            () => new NamedTunnel("edge", { accountId: ACCOUNT, tunnelName: "staging" }),
        );

        expect(inputsOf(Token.RandomPassword, "edge-secret")).toEqual({ length: 64, special: false });
        expect(inputsOf(Token.Tunnel, "edge-tunnel")).toEqual({
            accountId: ACCOUNT,
            name: "staging",
            configSrc: "cloudflare",
            tunnelSecret: Buffer.from("edge-secret".padEnd(64, ".")).toString("base64"),
        });
        expect(resources).toHaveLength(3);
    });

    it("is named after the component if no name is given", async () => {
        const { inputsOf } = await deploy(() => new NamedTunnel("edge", { accountId: ACCOUNT }));
        expect(inputsOf(Token.Tunnel, "edge-tunnel")).toMatchObject({ name: "edge" });
    });

    it("gives id, name, the target of DNS records and the text of cloudflared's credentials file", async () => {
        const { result } = await deploy(() => new NamedTunnel("edge", { accountId: ACCOUNT }));
        const tunnel = result as NamedTunnel;

        expect(await promiseOf(tunnel.tunnelId)).toBe(uuid("edge-tunnel"));
        expect(await promiseOf(tunnel.tunnelName)).toBe("edge");
        expect(await promiseOf(tunnel.cname)).toBe(`${uuid("edge-tunnel")}.cfargotunnel.com`);
        expect(JSON.parse(await promiseOf(tunnel.credentials))).toEqual({
            AccountTag: ACCOUNT,
            TunnelSecret: Buffer.from("edge-secret".padEnd(64, ".")).toString("base64"),
            TunnelID: uuid("edge-tunnel"),
        });
    });

    it("keeps the credentials secret even where the provider forgets that its bytes are", async () => {
        const { result } = await deploy(() => new NamedTunnel("edge", { accountId: ACCOUNT }));
        expect(await pulumi.isSecret((result as NamedTunnel).credentials)).toBe(true);
        expect(await pulumi.isSecret((result as NamedTunnel).tunnelId)).toBe(false);
    });

    it("refuses a bad name and account together and registers nothing", async () => {
        const { error, resources } = await deploy(
            () => new NamedTunnel("edge", { accountId: "acme", tunnelName: uuid("x") }),
        );
        expect(problemsOf(error)).toEqual({
            accountId:
                '"acme" is not an account id. Write the 32 hexadecimal digits that the account\'s overview page shows.',
            tunnelName: `"${uuid("x")}" looks like a tunnel id. Write a name such as "staging".`,
        });
        expect(resources).toEqual([]);
    });
});
