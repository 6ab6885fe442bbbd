/** What the Consul provider makes of the API's answers. Against a real Consul it is tried in test/e2e/consulMesh.test.ts. */
import { describe, expect, it } from "vitest";
import { consulProvider } from "../../toolchain/fallback/providers/consul/index.ts";
import { FakeEngine, secret } from "./support/engine.ts";
import { type Answer, startScriptedServer } from "./support/scriptedServer.ts";

async function start(answers: readonly Answer[], environment: NodeJS.ProcessEnv = {}) {
    const server = await startScriptedServer(answers);
    const provider = consulProvider(environment, async () => undefined);
    const engine = await FakeEngine.start(provider, { address: new URL(server.baseUrl).host, token: secret("t0ken") });
    return {
        server,
        engine,
        async [Symbol.asyncDispose]() {
            await engine[Symbol.asyncDispose]();
            await server[Symbol.asyncDispose]();
        },
    };
}

const MISSING = { status: 404, text: "not found" } as const;
const TOKEN = "consul:index/aclToken:AclToken";
const ENTRY = "consul:index/configEntry:ConfigEntry";
const PEERING = "consul:index/peering:Peering";
const PEERING_TOKEN = "consul:index/peeringToken:PeeringToken";

describe("a token", () => {
    const inputs = {
        description: "web",
        policies: ["reader"],
        serviceIdentities: [{ serviceName: "web" }],
        local: true,
    };
    const live = {
        AccessorID: "acc",
        SecretID: "s3cret",
        Description: "web",
        Policies: [{ ID: "1", Name: "reader" }],
        ServiceIdentities: [{ ServiceName: "web", Datacenters: null }],
        Local: true,
        CreateIndex: 1,
    };

    it("is made as the program says, by the provider's own token, and its secret is in no state", async () => {
        await using test = await start([{ body: live }, { body: live }, { body: live }]);
        const state = await test.engine.create(TOKEN, "web", inputs);
        expect(test.server.asked[0]).toMatchObject({
            method: "PUT",
            url: "/v1/acl/token",
            headers: { "x-consul-token": "t0ken" },
            body: { Policies: [{ Name: "reader" }], ServiceIdentities: [{ ServiceName: "web" }], Local: true },
        });
        expect(state.outputs).toMatchObject({ ...inputs, accessorId: "acc" });
        expect(JSON.stringify(state)).not.toContain("s3cret");
        expect((await test.engine.refresh(state))?.inputs).toEqual(inputs);
    });

    it("gives its secret to whoever asks for it, as a secret", async () => {
        await using test = await start([{ body: live }]);
        const function_ = "consul:index/getAclTokenSecretId:getAclTokenSecretId";
        expect(await test.engine.invoke(function_, { accessorId: "acc" })).toMatchObject({
            secretId: secret("s3cret"),
        });
    });

    it("shows in a refresh what somebody gave it by hand", async () => {
        const more = { ...live, Policies: [...live.Policies, { ID: "2", Name: "writer" }] };
        await using test = await start([{ body: live }, { body: live }, { body: more }]);
        const state = await test.engine.create(TOKEN, "web", inputs);
        expect((await test.engine.refresh(state))?.inputs.policies).toEqual(["reader", "writer"]);
    });

    it("is gone where Consul does not know it, but not where Consul does not know who asks", async () => {
        const unknown = { status: 403, text: "token does not exist: ACL not found" };
        const stranger = { status: 403, text: "ACL not found" };
        await using test = await start([{ body: live }, { body: live }, unknown, stranger]);
        const state = await test.engine.create(TOKEN, "web", inputs);
        expect(await test.engine.refresh(state)).toBeUndefined();
        await expect(test.engine.refresh(state)).rejects.toThrow("403: ACL not found");
    });
});

describe("a configuration entry", () => {
    const inputs = {
        kind: "service-intentions",
        name: "ldap",
        configJson: '{"Sources":[{"Name":"git","Action":"allow"}]}',
    };
    const live = {
        Kind: "service-intentions",
        Name: "ldap",
        Sources: [{ Name: "git", Action: "allow", Precedence: 9, Type: "consul" }],
        CreateIndex: 3,
    };

    it("keeps the program's own text while Consul has what it says, and shows another source", async () => {
        const more = { ...live, Sources: [...live.Sources, { Name: "wiki", Action: "allow" }] };
        await using test = await start([{ body: true }, { body: live }, { body: live }, { body: more }]);
        const state = await test.engine.create(ENTRY, "ldap", inputs);
        expect(test.server.asked[0]).toMatchObject({
            url: "/v1/config?cas=0",
            body: { Kind: "service-intentions", Name: "ldap" },
        });
        expect(state.id).toBe("service-intentions-ldap");
        expect((await test.engine.refresh(state))?.inputs).toEqual(inputs);
        expect((await test.engine.refresh(state))?.inputs.configJson).toContain("wiki");
    });

    it("is not taken over from whoever made it", async () => {
        await using test = await start([{ body: false }]);
        await expect(test.engine.create(ENTRY, "ldap", inputs)).rejects.toThrow("import it, or delete it");
    });

    it("is refused with text that is no JSON object", async () => {
        await using test = await start([]);
        await expect(test.engine.create(ENTRY, "ldap", { ...inputs, configJson: "[]" })).rejects.toThrow("configJson");
        expect(test.server.asked).toEqual([]);
    });
});

describe("a peering", () => {
    const inputs = { peerName: "a", peeringToken: secret("dG9rZW4=") };

    it("is not taken over from whoever made it", async () => {
        await using test = await start([{ body: { Name: "a", State: "ACTIVE" } }]);
        await expect(test.engine.create(PEERING, "a", inputs)).rejects.toThrow("import it, or delete it");
        expect(test.server.asked.map(({ method }) => method)).toEqual(["GET"]);
    });

    it("leaves nothing half-made where the other site does not answer", async () => {
        const failed = { status: 500, text: "failed to dial" };
        await using test = await start([MISSING, failed, { text: "" }, { body: { State: "DELETING" } }, MISSING]);
        await expect(test.engine.create(PEERING, "a", inputs)).rejects.toThrow("failed to dial");
        expect(test.server.asked.map(({ method }) => method)).toEqual(["GET", "POST", "DELETE", "GET", "GET"]);
    });

    it("goes with its token, which stays a secret in the state and is told once", async () => {
        const live = { Name: "b", State: "PENDING" };
        const script = [MISSING, { body: { PeeringToken: "c2VjcmV0" } }, { body: live }, { body: live }, {}, MISSING];
        await using test = await start(script);
        const wanted = { peerName: "b", serverExternalAddresses: ["[2001:db8::1]:8443"] };
        const state = await test.engine.create(PEERING_TOKEN, "b", wanted);
        expect(state.outputs.peeringToken).toEqual(secret("c2VjcmV0"));
        const refreshed = await test.engine.refresh(state);
        expect(refreshed).toMatchObject({ inputs: wanted, outputs: { peeringToken: secret("c2VjcmV0") } });
        await test.engine.delete(state);
        expect(test.server.asked.at(-2)).toMatchObject({ method: "DELETE", url: "/v1/peering/b" });
    });
});

it("waits while the servers elect a leader, and for nothing else", async () => {
    const entry = { kind: "mesh", name: "mesh", configJson: "{}" };
    const electing = { status: 500, text: "No cluster leader" };
    await using test = await start([electing, electing, { body: true }, { body: {} }, { status: 500, text: "broken" }]);
    await test.engine.create(ENTRY, "mesh", entry);
    expect(test.server.asked[0]?.body).toEqual({ Kind: "mesh" });
    await expect(test.engine.create(ENTRY, "mesh", entry)).rejects.toThrow("500: broken");
});

it("asks nobody where it may not", async () => {
    await using test = await start([], { SALLYPORT_OFFLINE: "1" });
    await expect(test.engine.create(TOKEN, "web", {})).rejects.toThrow("SALLYPORT_OFFLINE");
    expect(test.server.asked).toEqual([]);
});
