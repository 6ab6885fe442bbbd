import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { stderrProgress } from "../../../../cli/ui/progress.ts";
import type { HostFile, NodeFiles } from "../../../../components/index.ts";
import { ensureTool } from "../../../../toolchain/index.ts";
import { FEDERATION } from "../../programs/consulMesh/federation.ts";
import { type EngineStack, openEngineStack } from "../engineStack.ts";
import { bridge } from "../sites/bridge.ts";
import type { NetworkNamespace } from "../sites/networkNamespace.ts";
import { type BedNodeName, type TwoSites, twoSites } from "../twoSites.ts";
import { MeshMachine } from "./meshMachine.ts";

const PROGRAM = join(import.meta.dirname, "../../programs/consulMesh");
const AGENT_UNIT = "sallyport-consul";
const GATEWAY = "mesh-gateway";
/** Elections, peering and Envoys on a busy machine: a minute and a half in milliseconds. */
const READY_WITHIN_MS = 90_000;
const ANSWER_WITHIN_MS = 10_000;
const SITES = ["a", "b"] as const;
const SIZES = { a: 3, b: 2 } as const;
const HTTP = { host: "127.0.0.1", port: 8500 };

type Site = (typeof SITES)[number];

/** Both sites of the program `consulMesh`, put up by the real engine, with a real Consul and real Envoys on the test bed. */
export interface MeshBed extends AsyncDisposable {
    readonly sites: TwoSites;
    readonly under: EngineStack;
    readonly machines: Readonly<Record<BedNodeName, MeshMachine>>;
    /** Asks a site's API, as its owner. */
    api(site: Site, method: string, path: string, body?: unknown): Promise<unknown>;
    /** Deploys again, with a part of the program's environment changed. */
    deploy(env: Record<string, string>): Promise<void>;
}

export async function meshBed(): Promise<MeshBed> {
    const progress = stderrProgress();
    const [consul, envoy] = [await ensureTool("consul", { progress }), await ensureTool("envoy", { progress })];
    await using undo = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), "sallyport-mesh-"));
    undo.defer(() => rm(folder, { recursive: true }));
    const sites = undo.use(await twoSites());
    const names = Object.keys(sites.nodes) as BedNodeName[];
    const machines = Object.fromEntries(
        names.map((name) => [name, new MeshMachine(sites.nodes[name].machine, folder)]),
    ) as Record<BedNodeName, MeshMachine>;
    const under = undo.use(await openEngineStack(PROGRAM, { CONSUL: consul.path, ENVOY: envoy.path }));

    const outputs = await deployed(under);
    await placeAll(machines, outputs);
    const servers: BedNodeName[] = ["a1", "a2", "a3", "b1"];
    await Promise.all(servers.map((name) => machines[name].restart(AGENT_UNIT)));

    const apis = {
        a: undo.use(await offered(machines.a1.machine, folder)),
        b: undo.use(await offered(machines.b1.machine, folder)),
    };
    const api: MeshBed["api"] = async (site, method, path, body) => {
        const response = await fetch(`http://127.0.0.1:${apis[site].port}/v1/${path}`, {
            method,
            signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
            headers: { "x-consul-token": outputs.managementTokens[site] },
            ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
        return text === "" ? undefined : JSON.parse(text);
    };
    const until = (what: () => Promise<boolean>) =>
        vi.waitFor(
            async () => {
                if (!(await what()))
                    throw new Error(
                        Object.values(machines)
                            .map(({ log }) => log)
                            .join("\n"),
                    );
            },
            { timeout: READY_WITHIN_MS, interval: 200 },
        );
    const hasNodes = async (site: Site) =>
        ((await api(site, "GET", "catalog/nodes")) as unknown[]).length === SIZES[site];
    const gatewayAnswers = async (site: Site) =>
        ((await api(site, "GET", `health/service/${GATEWAY}?passing`)) as unknown[]).length === 1;
    const deploy: MeshBed["deploy"] = async (env) => {
        under.set(env);
        const { hosts, secretFiles, ...rest } = await deployed(under);
        await placeAll(machines, { ...rest, hosts, secretFiles: secretFiles.map(withEveryUpstream) });
    };

    for (const site of SITES) await until(async () => (await api(site, "GET", "status/leader")) !== "");
    await deploy({ API_A: `127.0.0.1:${apis.a.port}`, API_B: `127.0.0.1:${apis.b.port}` });
    // Everybody but the servers that answer the API is a beginner; these read what is new to them.
    await Promise.all(names.map((name) => machines[name].restart(AGENT_UNIT)));
    for (const site of SITES) await until(() => hasNodes(site));
    await Promise.all([machines.a1, machines.b1].map((machine) => machine.restart(proxyUnit(GATEWAY))));
    for (const site of SITES) await until(() => gatewayAnswers(site));
    await deploy({ PEERED: "1" });
    await Promise.all(
        FEDERATION.services.flatMap(({ name, nodes }) =>
            nodes.map((node) => machines[node as BedNodeName].restart(proxyUnit(name))),
        ),
    );
    const kept = undo.move();
    return { sites, under, machines, api, deploy, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Where a service of the bed finds another one, whether or not it may: all have every upstream, as those would who look for a way in. */
export function wayTo(from: string, to: string): { host: string; port: number } {
    const names = FEDERATION.services.map(({ name }) => name);
    const port = FEDERATION.services.find(({ name }) => name === to)?.port ?? 0;
    return { host: `127.9.${names.indexOf(from)}.${names.indexOf(to) + 1}`, port };
}

/** Name of the unit of a sidecar or gateway. */
export function proxyUnit(name: string): string {
    return `sallyport-consul-proxy-${name}`;
}

/** Adds to each service's own file whatever its owner could write there. */
function withEveryUpstream({ node, files }: NodeFiles): NodeFiles {
    return {
        node,
        files: files.map((file) => {
            const from = /service-([a-z]+)\.json$/.exec(file.path)?.[1];
            const own = FEDERATION.services.find(({ name }) => name === from);
            if (own === undefined) return file;
            const definition = JSON.parse(file.content);
            definition.service.connect.sidecar_service.proxy.upstreams = FEDERATION.services
                .filter(({ port, name }) => port !== undefined && name !== from)
                .map(({ name, site, port }) => ({
                    destination_name: name,
                    ...(site === own.site ? {} : { destination_peer: site }),
                    local_bind_address: wayTo(own.name, name).host,
                    local_bind_port: port,
                }));
            return { ...file, content: JSON.stringify(definition) };
        }),
    };
}

interface Outputs {
    hosts: NodeFiles[];
    secretFiles: NodeFiles[];
    managementTokens: Record<Site, string>;
}

async function deployed({ stack }: EngineStack): Promise<Outputs> {
    const { outputs } = await stack.up();
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])) as unknown as Outputs;
}

async function placeAll(
    machines: Readonly<Record<string, MeshMachine>>,
    { hosts, secretFiles }: Outputs,
): Promise<void> {
    const all: { node: string; files: readonly HostFile[] }[] = [...hosts, ...secretFiles];
    await Promise.all(all.map(({ node, files }) => machines[node]?.place(files)));
}

/** A machine's API on a port of this machine. */
async function offered(machine: NetworkNamespace, folder: string) {
    const path = join(folder, `${machine.name}.sock`);
    await machine.expose(HTTP, path);
    return bridge({ port: 0 }, { path });
}
