import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { accountId, zoneId } from "../emulator/support.ts";
import { plainConsul } from "./support/consul/plainConsul.ts";
import { type EngineStack, openEngineStack } from "./support/engineStack.ts";
import { ProtectedAccount } from "./support/protectedAccount.ts";
import { dnsmasq } from "./support/sites/dnsmasq.ts";
import { type EdgeOnTransit, edgeOnTransit } from "./support/sites/edgeOnTransit.ts";
import {
    type LinkFiles,
    putFiles,
    startConnector,
    startHttpClient,
    startTcpClient,
} from "./support/sites/linkClient.ts";
import { type TwoSites, twoSites } from "./support/twoSites.ts";

const LDAP_LINK = "forge-ldap";
const GIT_LINK = "wiki-git";
const DIRECTORY = { host: "127.0.0.1", port: 10_389 };
const FOUND_AGAIN = { timeout: 30_000, interval: 200 };

describe("a tunnel for each pair of services of two sites, both behind NAT for all they know", () => {
    const started = new AsyncDisposableStack();
    let sites: TwoSites;
    let edge: EdgeOnTransit;
    let account: ProtectedAccount;
    let under: EngineStack;
    let root: string;
    let clients: Record<string, LinkFiles>;
    let connector: AsyncDisposable;

    beforeAll(async () => {
        sites = started.use(await twoSites());
        account = started.use(await ProtectedAccount.start("example.com"));
        edge = started.use(await edgeOnTransit(sites, account.edge));
        root = await mkdtemp(join(tmpdir(), "sallyport-link-"));
        started.defer(() => rm(root, { recursive: true }));
        const program = join(import.meta.dirname, "programs/tunnelLink");
        under = started.use(
            await openEngineStack(program, {
                CLOUDFLARE_BASE_URL: account.emulator.apiBaseUrl,
                CLOUDFLARE_API_TOKEN: account.emulator.apiToken,
                LINK_ACCOUNT: accountId,
                LINK_ZONE: zoneId,
                LINK_TEAM: "team",
                LINKS: `${LDAP_LINK} ${GIT_LINK}`,
            }),
        );
        const { outputs } = await under.stack.up();
        clients = outputs.clients?.value;
        for (const link of Object.values(clients)) await putFiles(root, link);
        await runServices();
        const credentialsFile = join(root, "credentials.json");
        await writeFile(credentialsFile, outputs.credentials?.value);
        const tunnelId = JSON.parse(outputs.credentials?.value).TunnelID;
        connector = await startConnector(place("a1"), { edge: edge.connectors, credentialsFile, tunnelId });
        started.use(connector);
        for (const node of ["b1", "b2"] as const) {
            await edge.announce(sites.nodes[node].machine, `${LDAP_LINK}.example.com`, `${GIT_LINK}.example.com`);
        }
        started.use(await startTcpClient(place("b1"), LDAP_LINK, DIRECTORY.port));
        started.use(await startHttpClient(place("b2"), GIT_LINK));
    });
    afterAll(() => started.disposeAsync());

    const place = (node: "a1" | "b1" | "b2") => ({ machine: sites.nodes[node].machine, root, caFile: edge.caFile });
    const asksForDirectory = () => sites.nodes.b1.machine.ask(DIRECTORY, "whoami", 10_000);

    /** The directory, on one of two nodes, and what finds it. */
    async function runServices(): Promise<void> {
        const { a1, a2 } = sites.nodes;
        const machines = [a1, a2].map(({ machine, ipv6 }) => ({ machine, address: ipv6 }));
        const consul = started.use(await plainConsul(machines));
        for (const { machine, ipv6 } of [a1, a2]) {
            const check = { tcp: `[${ipv6}]:389`, interval: "1s", timeout: "500ms" };
            await consul.define(machine, {
                "ldap.json": JSON.stringify({ service: { name: "ldap", port: 389, check } }),
            });
        }
        await a1.machine.serve("ldap", 389);
        started.use(
            a1.machine.start(process.execPath, [join(import.meta.dirname, "support/sites/httpEcho.ts"), "3000"]),
        );
        const forwarding = join(root, "dnsmasq.conf");
        await writeFile(forwarding, `server=/consul/${consul.dns.replace(":", "#")}\n`);
        await edge.announce(a1.machine, "team.cloudflareaccess.com");
        started.use(await dnsmasq(a1.machine, forwarding));
    }

    /** Asks for a page from a machine of site B, with a service token or none; gives the status. */
    async function statusOf(link: string, token: string | undefined): Promise<string> {
        const [id, secret] = token === undefined ? [] : tokenOf(token);
        const headers =
            id === undefined ? [] : ["-H", `CF-Access-Client-Id: ${id}`, "-H", `CF-Access-Client-Secret: ${secret}`];
        const quiet = ["-sS", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", edge.caFile];
        return sites.nodes.b1.machine.succeed("curl", ...quiet, ...headers, `https://${link}.example.com/`);
    }

    function tokenOf(link: string): string[] {
        const [file] = clients[link]?.secretFiles ?? [];
        if (link === LDAP_LINK) return (file?.content ?? "").trim().split("\n");
        const { "CF-Access-Client-Id": id, "CF-Access-Client-Secret": secret } = parse(file?.content ?? "").http
            .middlewares.token.headers.customRequestHeaders;
        return [id, secret];
    }

    it("leads the service that an intention names to the other, over TCP", async () => {
        await expect.poll(asksForDirectory, FOUND_AGAIN).toEqual({ line: "ldap on a1: whoami" });
    });

    it("leads it there over HTTP, with the link's own token whatever the program sends, and without one beyond Access", async () => {
        const { machine } = sites.nodes.b2;
        const forged = ["-H", "CF-Access-Client-Id: forged.access", "-H", "CF-Access-Client-Secret: forged"];
        const asks = () =>
            machine.run("curl", "-sS", ...forged, "http://127.0.0.1:3000/repo?tab=1").then(({ stdout }) => stdout);
        await expect.poll(asks, FOUND_AGAIN).toContain('"url":"/repo?tab=1"');
        const { headers } = JSON.parse(await asks());
        expect(headers).not.toHaveProperty("cf-access-client-secret");
        expect(headers).toHaveProperty("cf-access-jwt-assertion");
    });

    it("refuses every other pair: whoever has no token, and whoever has another pair's", async () => {
        const pairs = [LDAP_LINK, GIT_LINK].flatMap((link) =>
            [undefined, LDAP_LINK, GIT_LINK].filter((token) => token !== link).map((token) => ({ link, token })),
        );
        const statuses = pairs.map(async ({ link, token }) => [
            `${token ?? "nobody"} → ${link}`,
            await statusOf(link, token),
        ]);
        expect(Object.fromEntries(await Promise.all(statuses))).toEqual({
            "nobody → forge-ldap": "401",
            "wiki-git → forge-ldap": "403",
            "nobody → wiki-git": "401",
            "forge-ldap → wiki-git": "403",
        });
        expect(await statusOf(GIT_LINK, GIT_LINK)).toBe("200");
    });

    it("opens no port on either side, and shows nothing in clear on the way", async () => {
        const { a1, b1, b2 } = sites.nodes;
        await using capture = await sites.capture();
        const said = "uid=ada,ou=people";
        expect(await b1.machine.ask(DIRECTORY, said)).toEqual({ line: `ldap on a1: ${said}` });
        const seen = await capture.end();
        expect(seen.includes(said)).toBe(false);
        for (const { machine } of [b1, b2]) {
            const listening = await machine.succeed("ss", "-Hltn");
            expect(listening.split("\n").filter((line) => !line.includes("127.0.0.1:"))).toEqual([]);
        }
        // The connector has its metrics on loopback, and nothing else.
        const owned = (await a1.machine.succeed("ss", "-Hltnp"))
            .split("\n")
            .filter((line) => line.includes("cloudflared"));
        expect(owned.every((line) => line.includes("127.0.0.1:"))).toBe(true);
    });

    it("finds a service again that moved to another node", async () => {
        const { a1, a2 } = sites.nodes;
        await a1.machine.stop(389);
        await a2.machine.serve("ldap", 389);
        await expect.poll(asksForDirectory, FOUND_AGAIN).toEqual({ line: "ldap on a2: whoami" });
    });

    it("makes no connection any more once the intention is gone; open ones end with the connector", async () => {
        await using held = await sites.nodes.b1.machine.hold(DIRECTORY);
        expect((await held.answers(5)).ended).toBeUndefined();
        under.set({ LINKS: GIT_LINK });
        await under.stack.up();
        expect(await asksForDirectory()).toHaveProperty("refused");
        expect((await held.answers(5)).ended).toBeUndefined();
        await connector[Symbol.asyncDispose]();
        expect(await held.ended()).toHaveProperty("ended");
    });
});
