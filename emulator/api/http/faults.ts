import { z } from "zod";

const outcome = z.discriminatedUnion("kind", [
    z.strictObject({
        kind: z.literal("status"),
        /** HTTP status of the answer, 400 to 599. */
        status: z.int().min(400).max(599),
        code: z.int().optional(),
        message: z.string().optional(),
        /** Sent as `Retry-After-Ms`, and rounded up as `Retry-After`, which official clients obey. */
        retryAfterMs: z.int().min(0).optional(),
    }),
    /** Holds the answer back for so long, then goes on as usual. */
    z.strictObject({ kind: z.literal("delay"), ms: z.int().min(0) }),
    /** Closes the connection without an answer. */
    z.strictObject({ kind: z.literal("drop") }),
]);

const rule = z.strictObject({
    /** Only requests with this method; every method when left out. */
    method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).optional(),
    /** Path below the base URL; `*` stands for one segment, `**` for any number of them, `/**` at the end for all below. */
    path: z.string().startsWith("/", "starts with a slash, for example /accounts/*/cfd_tunnel/**"),
    outcome,
    /**
     * `before` (the default) the request is handled, which then has no effect; or `after` it, so that the change is
     * made and the client does not learn of it. A delay has its full length either way.
     */
    when: z.enum(["before", "after"]).default("before"),
    /** How often the fault strikes; without a limit when left out. */
    times: z.int().min(1).optional(),
    /** How likely it strikes a matching request, above 0 and up to 1 (the default). */
    probability: z.number().gt(0).max(1).default(1),
});

/** What a caller says of a fault. */
export const faultSchema = rule;
export type FaultOptions = z.input<typeof rule>;

/** A fault that is switched on. */
export type Fault = z.output<typeof rule> & { readonly id: number; readonly struck: number };

interface ActiveFault {
    readonly rule: z.output<typeof rule>;
    readonly id: number;
    readonly matches: RegExp;
    struck: number;
}

/**
 * Faults that the API commits on request: error answers, delays, lost connections. With equal seeds, equal faults and
 * equal requests in equal order, the same requests are struck.
 */
export class Faults {
    #active: ActiveFault[] = [];
    #nextId = 1;
    #random: () => number;
    readonly #initialSeed: number;

    constructor(seed: number) {
        this.#initialSeed = seed;
        this.#random = mulberry32(seed);
    }

    /**
     * Switches a fault on; the first one added that matches a request strikes it.
     *
     * @returns its number, for {@link remove}.
     * @throws ZodError when the options are not those of a fault.
     */
    add(options: FaultOptions): number {
        const parsed = rule.parse(options);
        const id = this.#nextId++;
        this.#active.push({ rule: parsed, id, matches: patternOf(parsed.path), struck: 0 });
        return id;
    }

    /** Switches one fault off; says whether there was one with that number. */
    remove(id: number): boolean {
        const before = this.#active.length;
        this.#active = this.#active.filter((fault) => fault.id !== id);
        return this.#active.length < before;
    }

    /** Switches all faults off and starts the random sequence again. */
    clear(): void {
        this.#active = [];
        this.#random = mulberry32(this.#initialSeed);
    }

    all(): Fault[] {
        return this.#active.map(({ rule: options, id, struck }) => ({ ...options, id, struck }));
    }

    /** The fault that strikes this request, counted as having struck; undefined when it is spared. */
    strike(method: string, path: string): z.output<typeof rule> | undefined {
        for (const fault of this.#active) {
            const { rule: options } = fault;
            if (options.method !== undefined && options.method !== method) {
                continue;
            }
            if (fault.struck === options.times || !fault.matches.test(path)) {
                continue;
            }
            if (options.probability < 1 && this.#random() >= options.probability) {
                continue;
            }
            fault.struck++;
            return options;
        }
        return undefined;
    }
}

/** `/**` at the end also stands for nothing: the path itself and all below it. */
function patternOf(glob: string): RegExp {
    const source = glob
        .split(/(\/\*\*$|\*\*|\*)/)
        .map((part) => wildcards[part] ?? part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"))
        .join("");
    return new RegExp(`^${source}$`);
}

const wildcards: Readonly<Record<string, string>> = { "/**": "(?:/.*)?", "**": ".*", "*": "[^/]+" };

/** Mulberry32 (Tommy Ettinger, public domain): a small seeded generator; good enough to pick requests, not for secrets. */
function mulberry32(seed: number): () => number {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
}
