import { needsProject } from "./needsProject.ts";

export const readStack: typeof import("../../cli/kube/discovery/sources/stack.ts").readStack = async () => {
    throw needsProject("stacks", "read a catalogue, which `pulumi stack output clusters --json` prints");
};
