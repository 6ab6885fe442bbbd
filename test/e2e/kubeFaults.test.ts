import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Kubeconfigs } from "../../cli/kube/kubeconfig/kubeconfigs.ts";
import type { SessionCluster } from "../../cli/kube/session/cluster.ts";
import { KubeSession } from "../../cli/kube/session/session.ts";
import { askSocks, type SocksAnswer } from "../../cli/kube/session/socks.ts";
import type { TunnelState, TunnelView } from "../../cli/kube/session/state.ts";
import { ensureTool, silentProgress } from "../../toolchain/index.ts";
import type { CloudflaredProcess } from "../edge/support/cloudflaredProcess.ts";
import { ManualClock } from "../kube/support/manualClock.ts";
import type { AccountTunnel } from "./support/accountTunnel.ts";
import { pass } from "./support/kubernetes/pass.ts";
import { listenOnLoopback } from "./support/listenOnLoopback.ts";
import { ProtectedAccount } from "./support/protectedAccount.ts";
import { WebBrowser } from "./support/webBrowser.ts";

const NOTICED_WITHIN = { timeout: 20_000, interval: 20 };

const parts = new AsyncDisposableStack();
let account: ProtectedAccount;
let tunnel: AccountTunnel;
let connector: CloudflaredProcess;
let cloudflared: string;
let server: string;
let robot: { id: string; client_id: string; client_secret: string };
let robotPolicy: string;
const auds: Record<string, string> = {};
/** Connections from here to the edge, by way of a network that can be cut. */
const between = new Set<Socket>();
let edgeAddress: string;

beforeAll(async () => {
    ({ path: cloudflared } = await ensureTool("cloudflared", { progress: silentProgress }));
    account = parts.use(await ProtectedAccount.start("example.com"));
    // In place of an API server, which tunnels do not look into: it gives back what it is sent.
    const echo = parts.use(await listenOnLoopback(createServer((socket) => socket.pipe(socket))));
    server = `https://127.0.0.1:${echo.port}`;
    robot = await account.create("access/service_tokens", { name: "ci" });
    const robots = { name: "robots", decision: "non_identity", include: [{ service_token: { token_id: robot.id } }] };
    const staff = { name: "staff", decision: "allow", include: [{ email_domain: { domain: "example.com" } }] };
    ({ id: robotPolicy } = await account.create("access/policies", robots));
    tunnel = await account.tunnel("cluster");
    const [host = "", port = ""] = account.edge.public.address.split(":");
    const network = createServer((inner) => {
        between.add(inner.once("close", () => between.delete(inner)));
        pass(inner, { host, port: Number(port) });
    });
    edgeAddress = `127.0.0.1:${parts.use(await listenOnLoopback(network)).port}`;
    const service = server.replace("https:", "tcp:");
    const common = { service, originRequest: { proxyType: "socks" } };
    const exposed = await tunnel.expose(cloudflared, [
        { ...common, hostname: "robots.example.com", policies: [{ id: robotPolicy, precedence: 1 }] },
        { ...common, hostname: "staff.example.com", policies: [staff], settings: { session_duration: "30m" } },
    ]);
    connector = exposed.connector;
    [auds.robots = "", auds.staff = ""] = exposed.tags;
});

afterAll(() => parts.disposeAsync());

let folder: string;
let session: KubeSession;
let clock: ManualClock;
let seen: TunnelView[];

beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sallyport-kube-"));
    vi.stubEnv("HOME", folder);
    vi.stubEnv("PATH", folder); // no program that opens a browser
    await writeFile(join(folder, "edge-ca.pem"), account.edge.caPem);
    clock = new ManualClock();
    seen = [];
    session = new KubeSession({
        executable: cloudflared,
        kubeconfigs: new Kubeconfigs({ folder: join(folder, "journals"), progress: silentProgress }),
        onChange: (now) => seen.push(now),
        clock,
    });
});

afterEach(async () => {
    await session[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
});

function cluster(name: "robots" | "staff"): SessionCluster {
    return {
        ...{
            name,
            hostname: `${name}.example.com`,
            server,
            aud: auds[name] ?? "",
            team: "team",
            context: { user: "" },
        },
        edge: { address: edgeAddress, caFile: join(folder, "edge-ca.pem") },
    };
}

const openRobots = (clientSecret = robot.client_secret) =>
    session.open([cluster("robots")], join(folder, "config"), () => ({ clientId: robot.client_id, clientSecret }));

/** Resolves with the tunnel's view once it is in that state. */
function becomes(state: TunnelState): Promise<TunnelView> {
    return vi.waitFor(() => {
        const view = session.views.find((each) => each.state === state);
        expect(view, JSON.stringify(session.views)).toBeDefined();
        return view as TunnelView;
    }, NOTICED_WITHIN);
}

/** A client that has gone through the tunnel to the server. */
async function client(port: number) {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    const { port: target } = new URL(server);
    socket.write(Buffer.from([5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, Number(target) >> 8, Number(target) & 255]));
    let received = Buffer.of();
    while (received.length < 12) {
        received = Buffer.concat([received, ...((await once(socket, "data")) as [Buffer])]);
    }
    return {
        socket,
        closed: once(socket, "close"),
        async echoed(word: string) {
            socket.write(word);
            return String((await once(socket, "data"))[0]);
        },
        [Symbol.dispose]: () => void socket.destroy(),
    };
}

describe("a cluster's tunnel", () => {
    it("is up, carries bytes, and comes back by itself after its connector was killed", async () => {
        await openRobots();
        const { port } = await becomes("up");
        using before = await client(port);
        expect(await before.echoed("one")).toBe("one");
        await connector.kill();
        await before.closed;
        const { why } = await becomes("down");
        expect(why).toBe("no connector of the hostname's tunnel is connected: 530");
        connector = await tunnel.connect(cloudflared);
        await becomes("up");
        using after = await client(port);
        expect(await after.echoed("two")).toBe("two");
    });

    it("lets clients know when its connections to the edge are cut, and serves them again", async () => {
        await openRobots();
        const { port } = await becomes("up");
        using before = await client(port);
        for (const socket of between) {
            socket.destroy();
        }
        await before.closed;
        using after = await client(port);
        expect(await after.echoed("two")).toBe("two");
    });

    it("ends the connections from before a sleep, which nobody would tell that they are dead", async () => {
        await openRobots();
        const { port } = await becomes("up");
        using before = await client(port);
        clock.pass(5_000);
        clock.sleep(3_600_000);
        clock.pass(5_000);
        await before.closed;
        using after = await client(port);
        expect(await after.echoed("two")).toBe("two");
    });

    it("tells that Access refuses a service token", async () => {
        await openRobots("0".repeat(64));
        const { why } = await becomes("refused");
        expect(why).toBe("Access refuses the service token (wrong, expired, or in no audience of the app): 403");
    });

    it("notices that a service token has ended while it is open", async () => {
        await openRobots();
        const { port } = await becomes("up");
        const nobody = { name: "robots", decision: "non_identity", include: [{ email: { email: "no@example.com" } }] };
        await account.create(`access/policies/${robotPolicy}`, nobody, "PUT");
        expect(await askSocks(port, new URL(server), AbortSignal.timeout(10_000))).toBe("ended");
        await becomes("refused");
        const robots = {
            name: "robots",
            decision: "non_identity",
            include: [{ service_token: { token_id: robot.id } }],
        };
        await account.create(`access/policies/${robotPolicy}`, robots, "PUT");
        await becomes("up");
    });

    it("asks a person to log in, says when that ends, and asks again when it has", async () => {
        clock.pass(Date.now() - clock.now());
        await session.open([cluster("staff")], join(folder, "config"), () => undefined);
        const { loginUrl = "" } = await becomes("login");
        const browser = new WebBrowser(account);
        await browser.submit(await browser.logIn(loginUrl, "ann@example.com"), "/cdn-cgi/access/cli");
        const { loginEnds = 0, port } = await becomes("up");
        expect(Math.round((loginEnds - Date.now()) / 60_000)).toBeGreaterThan(0);
        expect(await askSocks(port, new URL(server), AbortSignal.timeout(10_000))).toBe("granted");
        clock.pass(loginEnds - clock.now() + 1_000);
        session.askAgain("nobody");
        clock.sleep(60_000);
        clock.pass(5_000);
        await becomes("login");
    });

    it("refuses a client that has waited for a login for too long, in the client's own words", async () => {
        await session.open([cluster("staff")], join(folder, "config"), () => undefined);
        const { port } = await becomes("login");
        let waited = 0;
        vi.spyOn(performance, "now").mockImplementation(() => Date.now() + waited);
        const asked = askSocks(port, new URL(server), AbortSignal.timeout(20_000));
        let answer: SocksAnswer | undefined;
        void asked.then((received) => {
            answer = received;
        });
        await vi.waitFor(() => {
            waited += 60_000;
            clock.pass(1_000);
            expect(answer).toEqual({ refused: "the connector's rules do not allow it" });
        }, NOTICED_WITHIN);
    });
});
