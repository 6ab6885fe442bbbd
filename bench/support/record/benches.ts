/** Every bench, by the name that `npm run bench -- NAME` takes and that its file has. */
export const BENCHES = [
    "preview",
    "apps",
    "scale",
    "policy",
    "edge",
    "swarm",
    "startup",
    "kube",
    "interconnect",
] as const;

export type BenchName = (typeof BENCHES)[number];

export function isBench(name: string): name is BenchName {
    return (BENCHES as readonly string[]).includes(name);
}
