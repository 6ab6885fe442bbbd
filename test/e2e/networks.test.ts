import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CloudflareEmulator } from "../../emulator/index.ts";
import { call } from "../emulator/support.ts";
import { type EngineStack, openEngineStack } from "./support/engineStack.ts";

const PROGRAM = join(import.meta.dirname, "programs/networks");

/** The collections that the program fills. */
const COLLECTIONS = [
    "access/apps",
    "alerting/v3/policies",
    "access/policies",
    "access/service_tokens",
    "devices/policies",
    "gateway/rules",
    "teamnet/routes",
    "zerotrust/routes/hostname",
];

describe("tunnel, TCP apps and private networks, through the real engine and the emulated API", () => {
    let emulator: CloudflareEmulator;
    let under: EngineStack;
    const get = async (path: string) => (await call(emulator, "GET", `/accounts/${emulator.accountId}/${path}`)).result;
    /** Calls of a method so far, as the parts of the path that say what they are about, in order. */
    const calls = (method: string) =>
        emulator.requests
            .filter((request) => request.method === method)
            .map(({ path }) => path.replace(/^.*?\/accounts\/[^/]+\//, ""));

    beforeAll(async () => {
        emulator = await CloudflareEmulator.start({ zones: [{ name: "example.com" }], team: "team" });
        const [zone] = (await call(emulator, "GET", "/zones")).result;
        under = await openEngineStack(PROGRAM, {
            CLOUDFLARE_BASE_URL: emulator.apiBaseUrl,
            CLOUDFLARE_API_TOKEN: emulator.apiToken,
            NETWORKS_ACCOUNT: emulator.accountId,
            NETWORKS_ZONE: zone.id,
        });
    });
    afterAll(async () => {
        under[Symbol.dispose]();
        await emulator[Symbol.asyncDispose]();
    });

    it("comes up whole, and neither a second preview nor a refresh finds a difference", async () => {
        const { outputs } = await under.stack.up();
        expect(outputs.sshCaPublicKey?.value).toMatch(/^ecdsa-sha2-nistp256 /);
        expect(outputs.configFile?.value).toContain('"hostname": "local.example.com"');
        await under.stack.preview({ expectNoChanges: true });
        await under.stack.refresh({ expectNoChanges: true });
        await under.stack.preview({ expectNoChanges: true });
    });

    /** Positions of the calls about one network's routes and rules, which carry its name or the id of what does. */
    const positionsOf = (method: string, paths: RegExp, marks: readonly string[]) =>
        emulator.requests.flatMap(({ method: asked, path, body }, position) => {
            const text = `${path} ${JSON.stringify(body)}`;
            return asked === method && paths.test(path) && marks.some((mark) => text.includes(mark)) ? [position] : [];
        });
    const ROUTES = /\/(teamnet|zerotrust)\/routes/;
    const RULES = /\/gateway\/rules/;

    it("opens a route only when Gateway refuses it to everybody, and publishes a name last", () => {
        for (const [network, rules] of [
            ["office 1", 6],
            ["lab", 3],
        ] as const) {
            const guarded = positionsOf("POST", RULES, [network]);
            const opened = positionsOf("POST", ROUTES, [network]);
            expect(guarded, network).toHaveLength(rules);
            expect(Math.min(...opened), network).toBeGreaterThan(Math.max(...guarded));
        }
        const made = calls("POST");
        const firstName = made.findIndex((path) => path.endsWith("/dns_records"));
        expect(made.slice(firstName)).not.toContain("access/apps");
    });

    it("keeps tokens and credentials out of the state, but for their ciphertext", async () => {
        const outputs = await under.stack.outputs();
        const state = under.state();
        for (const name of ["clientSecret", "credentials"]) {
            const { value, secret } = outputs[name] ?? {};
            expect(secret, name).toBe(true);
            expect(state.includes(String(value)), name).toBe(false);
        }
        const { TunnelSecret } = JSON.parse(String(outputs.credentials?.value));
        expect(state.includes(TunnelSecret)).toBe(false);
    });

    it("changes every mutable field in place, and rotates the machine's secret with its id kept", async () => {
        const before = await under.stack.outputs();
        const [{ client_id: clientId }] = await get("access/service_tokens");
        under.set({ CHANGED: "1" });
        const { summary, outputs } = await under.stack.up();
        // The tunnel's new secret is another random text; nothing at Cloudflare is replaced.
        expect(summary.resourceChanges).toMatchObject({ replace: 1 });
        expect(summary.resourceChanges).not.toHaveProperty("delete");
        expect(summary.resourceChanges?.update).toBeGreaterThan(12);
        expect(outputs.clientSecret?.value).not.toBe(before.clientSecret?.value);
        const [{ TunnelID, TunnelSecret }, old] = [outputs, before].map(({ credentials }) =>
            JSON.parse(credentials?.value),
        );
        expect(TunnelID).toBe(old.TunnelID);
        expect(TunnelSecret).not.toBe(old.TunnelSecret);
        expect(await get("access/service_tokens")).toMatchObject([
            {
                client_id: clientId,
                client_secret_version: 2,
                previous_client_secret_expires_at: "2100-01-01T00:00:00Z",
            },
        ]);
        await under.stack.refresh({ expectNoChanges: true });
        await under.stack.preview({ expectNoChanges: true });
    });

    it("takes over a tunnel that somebody made, with its id and secret, and says when there is none", async () => {
        under.set({ ADOPTED: "by-hand" });
        await expect(under.stack.preview()).rejects.toThrow(/has no tunnel "by-hand"\. Check the account/);
        const { result } = await call(emulator, "POST", `/accounts/${emulator.accountId}/cfd_tunnel`, {
            name: "by-hand",
            config_src: "cloudflare",
        });
        const { summary } = await under.stack.up();
        expect(summary.resourceChanges).toMatchObject({ import: 1 });
        expect(summary.resourceChanges).not.toHaveProperty("replace");
        expect(await get("cfd_tunnel?name=by-hand&is_deleted=false")).toMatchObject([{ id: result.id }]);
        expect((await get(`cfd_tunnel/${result.id}/token`)) as string).toBe(result.token);
        await under.stack.refresh({ expectNoChanges: true });
        await under.stack.preview({ expectNoChanges: true });
    });

    it("closes its routes before the rules that guard them, and leaves nothing", async () => {
        const marked = async (collection: string, network: string) =>
            (await get(collection))
                .filter((one: object) => JSON.stringify(one).includes(network))
                .map(({ id }: { id: string }) => id);
        const idsOf = async (network: string) => ({
            network,
            rules: await marked("gateway/rules", network),
            routes: await marked("teamnet/routes", network),
        });
        const networks = [await idsOf("office 2"), await idsOf("lab")];
        await under.stack.destroy();
        for (const { network, rules, routes } of networks) {
            const closed = positionsOf("DELETE", ROUTES, routes);
            expect(closed.length, network).toBeGreaterThan(0);
            expect(Math.max(...closed), network).toBeLessThan(Math.min(...positionsOf("DELETE", RULES, rules)));
        }
        for (const collection of COLLECTIONS) expect(await get(collection), collection).toEqual([]);
    });
});
