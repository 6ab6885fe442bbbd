import type { DeclaredResource } from "../reach/resources.ts";
import type { ApiObject, Kind } from "./kinds.ts";

/** An object that stands where a declared resource would be made, whoever made it. */
export interface Candidate {
    readonly declared: DeclaredResource;
    readonly kind: Kind;
    readonly id: string;
    /** What `pulumi import` calls it. */
    readonly importId: string;
    readonly object: ApiObject;
    /** What the program says of it, in the API's words, as far as that is known. */
    readonly said: ApiObject;
    /** By member, the resources that the program has it name, whose ids are not known yet. */
    readonly references: Readonly<Record<string, readonly string[]>>;
    /** Whether everything that the program says of it is known. */
    readonly isWhollyKnown: boolean;
    /** Everything that the API tells of it. */
    readonly text: string;
}

/** Something that is the stack's beyond doubt, since its state has it. */
export interface Anchor {
    readonly name: string;
    readonly id: string;
    readonly text: string;
}

/** What a person knows and no object tells. */
export interface Testimony {
    /** Ids of objects that are the stack's. */
    readonly own: ReadonlySet<string>;
    /** Ids of objects that are somebody else's, and stay as they are. */
    readonly leave: ReadonlySet<string>;
}

export interface Proven {
    readonly candidate: Candidate;
    /** Why it is known to be this stack's, in words. */
    readonly evidence: string;
}

export interface Doubt {
    readonly candidate: Candidate;
    readonly reason: string;
}

export interface Judged {
    readonly proven: readonly Proven[];
    /** Objects in the way of the program of which nothing shows that this stack made them, and all of those that claim one place. */
    readonly doubtful: readonly Doubt[];
}

/**
 * Which of the objects in a program's way its stack has made.
 *
 * A name proves nothing: anybody may have given it. Proof begins with what only this stack would say (its applications carry its name and its host
 * names), what says word for word what the program declares, what the state has, or a person's word. From there it goes along ids: what a proven
 * object names, or is named by, under the very name that the program gives it, is the stack's too.
 */
export function judge(candidates: readonly Candidate[], anchors: readonly Anchor[], { own, leave }: Testimony): Judged {
    const considered = candidates.filter(({ id }) => !leave.has(id));
    const evidence = new Map<Candidate, string>();
    for (const candidate of considered) {
        const reason = own.has(candidate.id) ? "named with --own" : ofItself(candidate);
        if (reason !== undefined) evidence.set(candidate, reason);
    }
    for (let size = -1; size !== evidence.size; ) {
        size = evidence.size;
        for (const candidate of considered.filter((one) => !evidence.has(one))) {
            const reason = throughOthers(candidate, [...evidence.keys()], anchors);
            if (reason !== undefined) evidence.set(candidate, reason);
        }
    }
    const places = Map.groupBy(considered, ({ declared }) => declared.urn);
    const claims = settle(
        [...places].map(([urn, rivals]) => [urn, rivals.filter((one) => evidence.has(one))] as const),
    );
    const proven: Proven[] = [];
    const doubtful: Doubt[] = [];
    for (const [urn, rivals] of places) {
        const claimed = claims.get(urn) ?? [];
        const [only] = claimed;
        if (only !== undefined && claimed.length === 1) {
            proven.push({ candidate: only, evidence: evidence.get(only) ?? "" });
        } else {
            const reason =
                claimed.length === 0
                    ? "nothing shows that this stack made it"
                    : "it is one of several that look like this stack's";
            const claimants = claimed.length === 0 ? rivals : claimed;
            doubtful.push(...claimants.map((candidate) => ({ candidate, reason })));
        }
    }
    return { proven, doubtful };
}

/**
 * Which objects are left for each resource where several could be it: none that names another object than the program has it name, and none that
 * can only be another resource.
 */
function settle(places: readonly (readonly [string, readonly Candidate[]])[]): Map<string, readonly Candidate[]> {
    const left = new Map(places);
    for (let before = -1, now = countOf(left); before !== now; before = now, now = countOf(left)) {
        const single = new Map(
            [...left].flatMap(([urn, [one, ...more]]) => (one && more.length === 0 ? [[urn, one.id]] : [])),
        );
        for (const [urn, rivals] of left) {
            if (rivals.length < 2) continue;
            const agreeing = rivals.filter((one) => isTaken(one) === false && contradicts(one, single) === false);
            if (agreeing.length > 0) left.set(urn, agreeing);

            function isTaken({ id, declared }: Candidate): boolean {
                return [...single].some(([other, claimed]) => {
                    const isSameType = other.split("::")[2]?.split("$").at(-1) === declared.type;
                    return other !== urn && claimed === id && isSameType;
                });
            }
        }
    }
    return left;
}

function countOf(left: ReadonlyMap<string, readonly Candidate[]>): number {
    return [...left.values()].reduce((sum, rivals) => sum + rivals.length, 0);
}

/** Whether an object names another one where the program has it name one that is known. */
function contradicts({ object, references }: Candidate, ids: ReadonlyMap<string, string>): boolean {
    return Object.entries(references).some(([member, urns]) => {
        const expected = urns.map((urn) => ids.get(urn)).filter((id) => id !== undefined);
        const named = object[member];
        return typeof named === "string" && expected.length > 0 && !expected.some((id) => named.includes(id));
    });
}

function ofItself({ kind, said, object, isWhollyKnown }: Candidate): string | undefined {
    const { place, proof = [], isKnownByContents = false } = kind;
    if (proof.length > 0 && proof.every((member) => said[member] !== undefined && said[member] === object[member])) {
        return `has the ${[...place, ...proof].join(", ")} that the program gives it`;
    }
    return isKnownByContents && isWhollyKnown && isPartOf(said, object) ? "says what the program declares" : undefined;
}

function throughOthers(
    candidate: Candidate,
    proven: readonly Candidate[],
    anchors: readonly Anchor[],
): string | undefined {
    const others = [
        ...proven.map((one) => ({ title: titleOf(one), names: namesOf(one), text: one.text })),
        ...anchors.map(({ name, id, text }) => ({ title: name, names: [id], text })),
    ];
    const names = namesOf(candidate);
    for (const other of others) {
        if (names.some((name) => other.text.includes(name))) return `${other.title} names it`;
        if (other.names.some((name) => candidate.text.includes(name))) return `it names ${other.title}`;
    }
    return undefined;
}

/** Ids that nothing else contains by chance. */
const ID_LENGTH = 16;

function namesOf({ id, kind, object }: Candidate): string[] {
    const all = [id, ...(kind.alsoNamed ?? []).map((member) => object[member])];
    return all.filter((name): name is string => typeof name === "string" && name.length >= ID_LENGTH);
}

/** An object in words: `tunnel "sallyport-staging"`. */
export function titleOf({ kind, declared, object }: Pick<Candidate, "kind" | "declared" | "object">): string {
    const name = object.name ?? object[kind.place[0] ?? ""];
    return `${kind.noun} ${JSON.stringify(name ?? declared.name)}`;
}

/** Whether an object says all of this; what else it says is the API's own. */
function isPartOf(part: unknown, whole: unknown): boolean {
    if (Array.isArray(part)) {
        if (!Array.isArray(whole) || whole.length !== part.length) return false;
        return part.every((item) => whole.some((other) => isPartOf(item, other)));
    }
    if (typeof part !== "object" || part === null) return part === whole;
    if (typeof whole !== "object" || whole === null) return false;
    return Object.entries(part).every(([key, value]) => isPartOf(value, (whole as ApiObject)[key]));
}
