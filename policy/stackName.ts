/** The stack's name from a URN: `urn:pulumi:<stack>::<project>::<type>::<name>`. */
export function stackOf(urn: string): string {
    return urn.split("::")[0]?.replace("urn:pulumi:", "") ?? "";
}

/** The stack that a labelled service's small stack (`<stack>.swarm.<exposure>`) belongs to; any other stack is its own. */
export function owningStack(stack: string): string {
    return /^(.+)\.swarm\.[a-z0-9-]+$/.exec(stack)?.[1] ?? stack;
}
