import { isMeant, reachedBy } from "./browser/matching.js";
import { grantWords } from "./difference.ts";
import { isWithin } from "./privateNetworks.ts";
import { SOURCE_WORDS, type StackGraph } from "./sources.ts";
import { type WordedGrant, type WordedTarget, worded } from "./worded.ts";

/** A stack's graph as one JSON document: `sallyport map STACK --format json`. */
export function graphDocument({ stack, source, graph }: StackGraph) {
    const grants = graph.grants.map((grant) => ({ ...grantWords(grant), kind: grant.who.kind }));
    return { stack, source, targets: graph.targets, grants };
}

interface AskedStack {
    stack: string;
    source: string;
}

/** One way in, with what is left to be met. */
interface WayAnswer {
    rule: string;
    session: string;
    conditions: string[];
}

/** The answer of `sallyport reach PERSON --json`. */
export interface PersonAnswer {
    person: string;
    stacks: AskedStack[];
    reaches: {
        stack: string;
        what: string;
        through: string;
        /** Whether nothing but a login is left to be met. */
        certain: boolean;
        ways: WayAnswer[];
    }[];
}

export function personAnswer(graphs: readonly StackGraph[], person: string): PersonAnswer {
    const reaches = graphs.flatMap(({ stack, graph }) =>
        reachedBy(worded(graph).grants, person).map(({ grant, certain, ways }) => ({
            stack,
            what: grant.target.words,
            through: throughOf(grant),
            certain,
            ways,
        })),
    );
    return { person, stacks: graphs.map(asked), reaches };
}

/** The answer of `sallyport who-can-reach NAME --json`. */
export interface TargetAnswer {
    name: string;
    stacks: AskedStack[];
    /** What the name means. */
    targets: { stack: string; what: string }[];
    reachedBy: { stack: string; who: string; what: string; through: string; ways: WayAnswer[] }[];
}

export function targetAnswer(graphs: readonly StackGraph[], name: string): TargetAnswer {
    const found = graphs.map(({ stack, graph }) => {
        const { targets, grants } = worded(graph);
        return {
            stack,
            targets: targets.filter((target) => means(target, name)),
            grants: grants.filter(({ target }) => means(target, name)),
        };
    });
    return {
        name,
        stacks: graphs.map(asked),
        targets: found.flatMap(({ stack, targets }) => targets.map(({ words }) => ({ stack, what: words }))),
        reachedBy: found.flatMap(({ stack, grants }) =>
            grants.map((grant) => ({
                stack,
                who: grant.who.words,
                what: grant.target.words,
                through: throughOf(grant),
                ways: grant.ways.map(({ rule, session, conditions }) => ({
                    rule,
                    session,
                    conditions: conditions.map(({ words }) => words),
                })),
            })),
        ),
    };
}

/** An address means the networks around it, too; of a network with ports, the range alone counts. */
function means(target: WordedTarget, name: string): boolean {
    const [range = ""] = target.name.split(" ");
    return isMeant(target, name) || (target.kind === "network" && isWithin(name, range));
}

export function personText({ person, stacks, reaches }: PersonAnswer): string {
    return answerText(
        stacks,
        (stack) => reaches.filter((one) => one.stack === stack),
        ({ what, through, ways }) => [what, through, ways],
        `${person} reaches nothing`,
    );
}

export function targetText({ name, stacks, targets, reachedBy: found }: TargetAnswer): string {
    return answerText(
        stacks,
        (stack) => found.filter((one) => one.stack === stack),
        ({ who, what, through, ways }) => [`${who} → ${what}`, through, ways],
        targets.length === 0 ? `nothing here is called ${name}` : `nobody reaches ${name}`,
    );
}

function answerText<Entry>(
    stacks: readonly AskedStack[],
    entriesOf: (stack: string) => readonly Entry[],
    partsOf: (entry: Entry) => [what: string, through: string, ways: readonly WayAnswer[]],
    nothing: string,
): string {
    return stacks
        .flatMap(({ stack, source }) => {
            const entries = entriesOf(stack);
            const lines = entries.flatMap((entry) => {
                const [what, through, ways] = partsOf(entry);
                return [`  ${what}`, ...ways.map((way) => `      ${wayText(way)} [${through}]`)];
            });
            return [`${stack} (${source}):`, ...(lines.length === 0 ? [`  ${nothing}`] : lines)];
        })
        .join("\n");
}

function wayText({ rule, session, conditions }: WayAnswer): string {
    const verdict = conditions.length === 0 ? "yes" : `if ${conditions.join(", ")}`;
    return `${verdict}; ${/^\d/.test(session) ? `session ${session}` : session}; ${rule}`;
}

function asked({ stack, source }: StackGraph): AskedStack {
    return { stack, source: SOURCE_WORDS[source] };
}

function throughOf({ target: { tunnel } }: WordedGrant): string {
    return tunnel === undefined ? "no tunnel of this stack" : `tunnel ${tunnel}`;
}
