/** A resource that opens a way in, and what makes it safe. */
export interface Specimen {
    readonly what: string;
    readonly type: string;
    /** The inputs that open it. */
    readonly props: Readonly<Record<string, unknown>>;
    /** Rule that has to find it. */
    readonly rule: string;
    /** Changes, each of which alone makes a safe neighbour of it. */
    readonly safe: readonly Change[];
}

/** The one thing in which a neighbour differs: what it is called, and values by path; `undefined` removes one. */
export interface Change {
    readonly what: string;
    readonly set: Readonly<Record<string, unknown>>;
}

/** A resource of the corpus as the tests and the engine are given it. */
export interface CorpusResource {
    readonly name: string;
    readonly what: string;
    readonly type: string;
    readonly props: Readonly<Record<string, unknown>>;
}

/** The neighbours of a specimen: copies of its inputs, each with one change. */
export function neighbours({ type, props, safe }: Specimen, name: string): CorpusResource[] {
    return safe.map(({ what, set }, index) => {
        const copy = structuredClone(props) as Record<string, unknown>;
        for (const [path, value] of Object.entries(set)) setAt(copy, path, value);
        return { name: `${name}-safe-${index + 1}`, what, type, props: copy };
    });
}

/** Sets the value at a path such as `ingress.0.cidrBlocks`. */
export function setAt(target: Record<string, unknown>, path: string, value: unknown): void {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    let holder = target;
    for (const step of steps) {
        const next = holder[step];
        if (typeof next !== "object" || next === null) throw new Error(`There is nothing at '${step}' of '${path}'.`);
        holder = next as Record<string, unknown>;
    }
    if (value === undefined) delete holder[last];
    else holder[last] = value;
}
