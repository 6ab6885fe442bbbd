import { createHash } from "node:crypto";
import { stderrProgress } from "../../../cli/ui/progress.ts";
import { type Federation, WireGuardMesh, type WireGuardMeshArgs } from "../../../components/index.ts";
import { ensurePrograms, ensureTool } from "../../../toolchain/index.ts";
import { deploy, promiseOf } from "../../support/mocks.ts";
import { type MeshFiles, MeshNode } from "./sites/meshNode.ts";
import { type BedNodeName, type TwoSites, twoSites } from "./twoSites.ts";

const INTERFACE = "wg-test";

/** A mesh as it is declared: what each node gets, and where it is. */
export interface DeclaredMesh {
    readonly nodes: Readonly<Record<string, MeshFiles>>;
    /** IPv6 addresses inside the mesh, by node. */
    readonly addresses: Readonly<Record<string, string>>;
}

/** The two sites with a mesh between them. */
export interface MeshSites extends AsyncDisposable {
    readonly sites: TwoSites;
    readonly mesh: Readonly<Record<BedNodeName, MeshNode>>;
    /** Puts what is declared in place on nodes, one after the other. */
    apply(declared: DeclaredMesh, ...nodes: BedNodeName[]): Promise<void>;
}

/** A random text for each name and version, the same at every deployment, as the state has it. */
const create: NonNullable<Parameters<typeof deploy>[1]>["create"] = async ({ type, name, inputs }) => {
    if (type !== "random:index/randomPassword:RandomPassword") return undefined;
    const result = createHash("sha256")
        .update(`${name} ${inputs.keepers?.version ?? "1"}`)
        .digest("hex");
    return { id: "none", state: { ...inputs, result } };
};

/** Declares a mesh of a federation, as a program does. */
export async function declareMesh(
    federation: Federation,
    args: Partial<WireGuardMeshArgs> = {},
): Promise<DeclaredMesh> {
    const { result, error } = await deploy(
        () => new WireGuardMesh("bed", { federation, interfaceName: INTERFACE, keepaliveSeconds: 1, ...args }),
        { create },
    );
    if (result === undefined) throw error;
    const [files, secretFiles, apply, addresses] = await Promise.all([
        promiseOf(result.files),
        promiseOf(result.secretFiles),
        promiseOf(result.apply),
        promiseOf(result.addresses),
    ]);
    const nodes = Object.entries(apply).map(([node, command]) => [
        node,
        { files: files[node] ?? [], secretFiles: secretFiles[node] ?? [], apply: command },
    ]);
    return {
        nodes: Object.fromEntries(nodes),
        addresses: Object.fromEntries(Object.entries(addresses).map(([node, { ipv6 }]) => [node, ipv6])),
    };
}

/** Puts the two sites up, with WireGuard's programs at hand and no mesh yet. */
export async function meshSites(): Promise<MeshSites> {
    const progress = stderrProgress();
    // What it recommends is a kernel.
    await ensurePrograms({ package: "wireguard-tools", programs: ["wg", "wg-quick"], alone: true }, { progress });
    const { path } = await ensureTool("wireguard-go", { progress });
    await using undo = new AsyncDisposableStack();
    const sites = undo.use(await twoSites());
    const entries = await Promise.all(
        Object.entries(sites.nodes).map(
            async ([name, { machine }]) => [name, undo.use(await MeshNode.create(machine, INTERFACE, path))] as const,
        ),
    );
    const mesh = Object.fromEntries(entries) as Record<BedNodeName, MeshNode>;
    const kept = undo.move();
    return {
        sites,
        mesh,
        async apply(declared, ...nodes) {
            for (const node of nodes) {
                const files = declared.nodes[node];
                if (files === undefined) throw new Error(`${node} is not in the mesh`);
                await mesh[node].apply(files);
            }
        },
        [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
}
