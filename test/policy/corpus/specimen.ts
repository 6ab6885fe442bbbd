/** A resource that opens a way in, and what makes it safe. */
export interface Specimen {
    readonly what: string;
    readonly type: string;
    /** Type of the component that makes it; omitted means that the program does. */
    readonly parent?: string;
    /** The inputs that open it. */
    readonly props: Readonly<Record<string, unknown>>;
    /** Rule that has to find it. */
    readonly rule: string;
    /** Changes, each of which alone makes a safe neighbour of it. */
    readonly safe: readonly Change[];
}

/** The one thing in which a neighbour differs: what it is called, and values by path (`ingress.0.cidrBlocks`); `undefined` removes one. */
export interface Change {
    readonly what: string;
    readonly set: Readonly<Record<string, unknown>>;
}

/** A resource of the corpus as the tests and the engine are given it. */
export interface CorpusResource {
    readonly name: string;
    readonly what: string;
    readonly type: string;
    readonly parent?: string;
    readonly props: Readonly<Record<string, unknown>>;
}

/** The neighbours of a specimen: copies of its inputs, each with one change. */
export function neighbours({ type, parent, props, safe }: Specimen, name: string): CorpusResource[] {
    return safe.map(({ what, set }, index) => {
        const copy = structuredClone(props) as Record<string, unknown>;
        for (const [path, value] of Object.entries(set)) setAt(copy, path.split("."), value);
        return {
            name: `${name}-safe-${index + 1}`,
            what,
            type,
            ...(parent === undefined ? {} : { parent }),
            props: copy,
        };
    });
}

/** Sets the value at the end of some steps. */
export function setAt(target: Record<string, unknown>, steps: readonly string[], value: unknown): void {
    const last = steps.at(-1) ?? "";
    let holder = target;
    for (const step of steps.slice(0, -1)) {
        const next = holder[step];
        if (typeof next !== "object" || next === null) throw new Error(`There is nothing at '${step}' of '${steps}'.`);
        holder = next as Record<string, unknown>;
    }
    if (value === undefined) delete holder[last];
    else holder[last] = value;
}
