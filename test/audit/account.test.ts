import { describe, expect, it } from "vitest";
import { applicationChecks, tunnelChecks } from "../../cli/audit/account/accountChecks.ts";
import { aroundAccessCheck } from "../../cli/audit/account/aroundAccess.ts";
import { type IngressRule, openness, tlsOrigins } from "../../cli/audit/account/ingressRules.ts";
import { tokenDemandCheck } from "../../cli/audit/account/tokenDemand.ts";
import { writtenRules } from "../../cli/audit/account/writtenRules.ts";
import type { AuditTarget } from "../../cli/audit/target.ts";
import type { CloudflareEmulator } from "../../emulator/index.ts";
import type { TunnelClient } from "../../emulator/tunnelDirectory.ts";
import { accountId, call, startEmulator } from "../emulator/support.ts";

const AUD = "a".repeat(64);
const APP = { hostname: "app.example.com", path: "", aud: AUD };

/** A stack with one hostname and one tunnel in an emulated account. */
async function stackIn(emulator: CloudflareEmulator, management: "remote" | "local" = "remote") {
    const account = `/accounts/${accountId}`;
    const { result: application } = await call(emulator, "POST", `${account}/access/apps`, {
        name: "app",
        domain: APP.hostname,
        type: "self_hosted",
        policies: [{ name: "staff", decision: "allow", include: [{ email_domain: { domain: "example.com" } }] }],
    });
    const { result: tunnel } = await call(emulator, "POST", `${account}/cfd_tunnel`, {
        name: "sallyport-staging",
        config_src: management === "local" ? "local" : "cloudflare",
    });
    const target: AuditTarget = {
        stack: "staging",
        accountId,
        hostnames: [{ ...APP, aud: application.aud }],
        tunnels: [{ id: tunnel.id, name: "sallyport-staging", management, service: "connector" }],
        api: { baseUrl: emulator.apiBaseUrl, token: emulator.apiToken },
    };
    return { target, applicationPath: `${account}/access/apps/${application.id}`, tunnelId: tunnel.id as string };
}

function client(id: string, isPendingReconnect = false): TunnelClient {
    const connection = { id, coloName: "loc01", originIp: "10.0.0.2", openedAt: new Date(0), isPendingReconnect };
    return {
        id,
        version: "2025.2.0",
        arch: "linux_amd64",
        features: [],
        runAt: new Date(0),
        connections: [connection],
    };
}

const FIRST = "11111111-1111-4111-8111-111111111111";
const SECOND = "22222222-2222-4222-8222-222222222222";

describe("the Access application of a hostname", () => {
    it("is there with its policies, or is missed by its audience tag", async () => {
        await using emulator = await startEmulator();
        const { target, applicationPath } = await stackIn(emulator);
        expect(await applicationChecks(target)).toMatchObject([
            { id: "access-application-exists", subject: "app.example.com", ok: true, detail: "1 policy" },
        ]);
        await call(emulator, "DELETE", applicationPath);
        expect(await applicationChecks(target)).toMatchObject([
            { ok: false, detail: `no Access application has the audience tag ${target.hostnames[0]?.aud}` },
        ]);
    });

    it("guards nothing without a policy", async () => {
        await using emulator = await startEmulator();
        const { target, applicationPath } = await stackIn(emulator);
        const emptied = await call(emulator, "PUT", applicationPath, {
            ...{ name: "app", domain: APP.hostname, type: "self_hosted", policies: [] },
        });
        expect(emptied.status).toBe(200);
        expect(await applicationChecks(target)).toMatchObject([{ ok: false, detail: "0 policies" }]);
    });

    it("counts as missing where there is no token to ask with", async () => {
        await using emulator = await startEmulator();
        const { target } = await stackIn(emulator);
        const mute = { ...target, api: { ...target.api, token: undefined } };
        expect(await applicationChecks(mute)).toMatchObject([
            { ok: false, detail: expect.stringContaining("CLOUDFLARE_API_TOKEN is not set") },
        ]);
    });
});

describe("a tunnel", () => {
    it.each<[string, TunnelClient[], boolean, boolean, string]>([
        ["both replicas connected", [client(FIRST), client(SECOND)], true, true, "2 connectors for 2 replicas"],
        ["one replica missing", [client(FIRST)], true, false, "1 connectors for 2 replicas"],
        ["nobody connected", [], false, false, "0 connectors for 2 replicas"],
    ])("with %s", async (_, clients, healthy, complete, detail) => {
        await using emulator = await startEmulator();
        const { target, tunnelId } = await stackIn(emulator);
        emulator.directory.connectionsChanged(tunnelId, clients);
        expect(await tunnelChecks(target, async () => 2)).toMatchObject([
            { id: "tunnel-is-connected", subject: "sallyport-staging", ok: healthy },
            { id: "tunnel-is-managed-as-declared", subject: "sallyport-staging", ok: true },
            { id: "every-replica-is-connected", ok: complete, detail },
        ]);
    });

    it.each(["remote", "local"] as const)(
        "is managed as the stack says, %s, or somebody migrated it",
        async (management) => {
            await using emulator = await startEmulator();
            const { target } = await stackIn(emulator, management);
            const [, managed] = await tunnelChecks(target, async () => 0);
            expect(managed).toEqual({
                id: "tunnel-is-managed-as-declared",
                subject: "sallyport-staging",
                ok: true,
                detail: management,
            });
            const declared = management === "local" ? "remote" : "local";
            const other = target.tunnels.map((tunnel) => ({ ...tunnel, management: declared }) as const);
            const [, migrated] = await tunnelChecks({ ...target, tunnels: other }, async () => 0);
            expect(migrated).toMatchObject({ ok: false, detail: `${management}, not ${declared}` });
        },
    );

    it("does not count a connector that the edge has lost", async () => {
        await using emulator = await startEmulator();
        const { target, tunnelId } = await stackIn(emulator);
        emulator.directory.connectionsChanged(tunnelId, [client(FIRST), client(SECOND, true)]);
        const [, , replicas] = await tunnelChecks(target, async () => 2);
        expect(replicas).toMatchObject({ ok: false, detail: "1 connectors for 2 replicas" });
    });

    it("with a connector too many is somebody else's as well, which the advice says", async () => {
        await using emulator = await startEmulator();
        const { target, tunnelId } = await stackIn(emulator);
        emulator.directory.connectionsChanged(tunnelId, [client(FIRST), client(SECOND)]);
        const [, , replicas] = await tunnelChecks(target, async () => 1);
        expect(replicas).toMatchObject({ ok: false, remedy: expect.stringContaining("rotate its secret") });
    });

    it("is not compared with replicas that nobody can count", async () => {
        await using emulator = await startEmulator();
        const { target } = await stackIn(emulator);
        const [, , replicas] = await tunnelChecks(target, async () => ({ reason: "no Docker" }));
        expect(replicas).toMatchObject({ id: "every-replica-is-connected", reason: "no Docker" });
    });
});

const GUARDED: IngressRule = {
    hostname: APP.hostname,
    service: "https://traefik:8443",
    originRequest: { access: { required: true, audTag: [AUD] }, caPool: "/etc/sallyport/origin-ca.pem" },
};
const CATCH_ALL: IngressRule = {
    hostname: "",
    service: "http_status:404",
    originRequest: { access: { audTag: null } },
};

describe("ingress rules", () => {
    it("that demand the application's token let nobody in without it", () => {
        expect(openness([GUARDED, CATCH_ALL], APP)).toBeUndefined();
    });

    it.each<[string, IngressRule[], RegExp]>([
        ["that demand no token", [{ ...GUARDED, originRequest: {} }], /demands no token/],
        ["of which one demands no token", [GUARDED, { ...GUARDED, originRequest: {} }], /demands no token/],
        [
            "that would demand one but for a flag",
            [{ ...GUARDED, originRequest: { access: { required: false, audTag: [AUD] } } }],
            /demands no token/,
        ],
        [
            "that demand another application's token",
            [{ ...GUARDED, originRequest: { access: { required: true, audTag: ["b"] } } }],
            /no rule demands this application's/,
        ],
        ["that are gone", [CATCH_ALL], /no rule demands this application's/],
    ])("%s are found out", (_, rules, reason) => {
        expect(openness(rules, APP)).toMatch(reason);
    });

    const nothingShipped = () => Promise.reject(new Error("nothing is shipped"));

    it("are read from the account where the tunnel is remotely managed", async () => {
        await using emulator = await startEmulator();
        const { target, tunnelId } = await stackIn(emulator);
        const where = "Cloudflare's document";
        expect(await writtenRules(target, nothingShipped)).toEqual({ where, rules: [] });
        const ingress = [{ hostname: APP.hostname, service: "http://app:80" }, { service: "http_status:404" }];
        const path = `/accounts/${accountId}/cfd_tunnel/${tunnelId}/configurations`;
        await call(emulator, "PUT", path, { config: { ingress } });
        expect(await writtenRules(target, nothingShipped)).toMatchObject({ where, rules: ingress });
    });

    it("are read from the connectors' file where it is locally managed, whatever the account has", async () => {
        await using emulator = await startEmulator();
        const { target } = await stackIn(emulator, "local");
        expect(await writtenRules(target, async ({ service }) => (service === "connector" ? [GUARDED] : []))).toEqual({
            where: "the connectors' file",
            rules: [GUARDED],
        });
        await expect(writtenRules(target, nothingShipped)).rejects.toThrow("nothing is shipped");
    });

    it("tell the TLS origins that the stack's own authority vouches for, each once", () => {
        const rules: IngressRule[] = [
            GUARDED,
            { ...GUARDED, hostname: "b.example.com" },
            {
                ...GUARDED,
                service: "https://vault",
                originRequest: { caPool: "/ca.pem", originServerName: "vault.lan" },
            },
            { hostname: "c.example.com", service: "https://public.example.com", originRequest: { caPool: "" } },
            { hostname: "d.example.com", service: "tcp://postgres:5432" },
            CATCH_ALL,
        ];
        expect(tlsOrigins(rules)).toEqual([
            { host: "traefik", port: 8443, serverName: "traefik" },
            { host: "vault", port: 443, serverName: "vault.lan" },
        ]);
    });
});

describe("the connectors' demand for the token", () => {
    const demand = (
        rules: IngressRule[],
        running: Parameters<typeof tokenDemandCheck>[1]["running"],
        where = "Cloudflare's document",
    ) => tokenDemandCheck(APP, { written: Promise.resolve({ where, rules }), running });

    it("is in the document and in what connectors run", async () => {
        const running = Promise.resolve([
            { connector: "connector.1", rules: [GUARDED] },
            { connector: "connector.2", rules: [GUARDED] },
        ]);
        expect(await demand([GUARDED], running)).toMatchObject({
            ok: true,
            detail: "say Cloudflare's document and 2 running connectors",
        });
    });

    it("is in the document alone where connectors cannot be asked, which is said", async () => {
        expect(await demand([GUARDED], Promise.resolve({ reason: "no root" }))).toMatchObject({
            ok: true,
            detail: "says Cloudflare's document (connectors cannot be asked: no root)",
        });
    });

    it("is in the connectors' file of a locally managed tunnel, and missed there", async () => {
        const running = Promise.resolve([{ connector: "connector.1", rules: [GUARDED] }]);
        const where = "the connectors' file";
        expect(await demand([GUARDED], running, where)).toMatchObject({
            ok: true,
            detail: "say the connectors' file and 1 running connectors",
        });
        expect(await demand([CATCH_ALL], running, where)).toMatchObject({
            ok: false,
            detail: "no rule demands this application's token, says the connectors' file",
        });
    });

    it("is missed in the document, and in the one connector that runs other rules", async () => {
        const stale = Promise.resolve([
            { connector: "connector.1", rules: [GUARDED] },
            { connector: "connector.2", rules: [{ ...GUARDED, originRequest: {} }] },
        ]);
        expect(await demand([GUARDED], stale)).toMatchObject({
            ok: false,
            detail: "an ingress rule demands no token, says connector.2",
        });
        expect(await demand([], stale)).toMatchObject({ ok: false, detail: expect.stringContaining("document") });
    });

    it("is missed where a connector that should answer does not", async () => {
        const silent = Promise.reject(new Error("connect ECONNREFUSED"));
        expect(await demand([GUARDED], silent)).toMatchObject({ ok: false, detail: "connect ECONNREFUSED" });
    });
});

describe("a request around Access", () => {
    const refused = { connectorId: FIRST, status: 403, headers: {} };
    const asked = (...answers: { connectorId: string; status: number; headers: Record<string, string> }[]) =>
        aroundAccessCheck({ askAroundAccess: async () => answers }, APP);

    it("is refused by each connector itself", async () => {
        expect(await asked(refused, { ...refused, connectorId: SECOND })).toMatchObject({
            ok: true,
            detail: "403 from each of 2 connectors, without their origin",
        });
    });

    it.each([
        ["reached the origin", { connectorId: SECOND, status: 200, headers: { server: "app" } }, `connector ${SECOND}`],
        ["reached an origin that refuses by itself", { ...refused, headers: { server: "app" } }, "answered 403"],
        ["was refused for another reason", { ...refused, status: 502 }, "answered 502"],
    ])("that %s is found out, whichever connector it was", async (_, answer, detail) => {
        const finding = await asked(refused, answer);
        expect(finding).toMatchObject({ ok: false, detail: expect.stringContaining(detail) });
    });

    it("that no connector answers is no good answer", async () => {
        expect(await asked()).toMatchObject({ ok: false, detail: "no connector is connected" });
    });

    it("cannot be made on Cloudflare, which is said", async () => {
        expect(await aroundAccessCheck({}, APP)).toEqual({
            id: "origin-refuses-around-access",
            subject: "app.example.com",
            reason: expect.stringContaining("no way past Access"),
        });
    });
});
