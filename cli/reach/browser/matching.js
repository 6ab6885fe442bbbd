// @ts-check
// Answers questions about a graph. Plain JavaScript without imports: the command line loads it, and the page of a map carries it.
// What only a login, a device or a network can show is never taken for a yes: it stays a condition of the answer.

/**
 * @typedef {import("../worded.ts").WordedGrant} WordedGrant
 * @typedef {import("../worded.ts").WordedSelector} WordedSelector
 * @typedef {import("../worded.ts").WordedCondition} WordedCondition
 * @typedef {{ rule: string, session: string, conditions: string[] }} OpenWay what is left of a way in: the conditions that nobody can decide here
 * @typedef {{ grant: WordedGrant, certain: boolean, ways: OpenWay[] }} Answer
 */

const YES = "yes";
const NO = "no";
const UNKNOWN = "unknown";

/** Kinds that a person is not, whatever they log in with. */
const MACHINES = new Set([
    "service token",
    "any service token",
    "any client certificate",
    "client certificate",
    "application token",
]);

/**
 * What somebody reaches: a person by e-mail address; anything else by the name it has in the graph, such as a service token.
 *
 * @param {readonly WordedGrant[]} grants
 * @param {string} asked
 * @returns {Answer[]}
 */
export function reachedBy(grants, asked) {
    const name = asked.trim().toLowerCase();
    if (name === "") return [];
    const email = /^[^@\s]+@[^@\s]+$/.test(name) ? name : undefined;
    return grants.flatMap((grant) => answerFor(grant, name, email));
}

/**
 * Whether a name means a target: a part of its name, or of the service behind it.
 *
 * @param {{ name: string, origin?: string }} target
 * @param {string} asked
 */
export function isMeant({ name, origin = "" }, asked) {
    const wanted = asked.trim().toLowerCase();
    return wanted !== "" && (name.toLowerCase().includes(wanted) || origin.toLowerCase().includes(wanted));
}

/**
 * @param {WordedGrant} grant
 * @param {string} name
 * @param {string | undefined} email
 * @returns {Answer[]}
 */
function answerFor(grant, name, email) {
    const { who, ways } = grant;
    const isNamed = who.value.toLowerCase() === name || who.words.toLowerCase() === name;
    const isThem = isNamed ? YES : email === undefined ? NO : isPerson(who, email);
    if (isThem === NO) return [];
    const open = ways.flatMap(({ rule, session, conditions }) => {
        const left = leftOf(conditions, email);
        if (left === undefined) return [];
        return [{ rule, session, conditions: isThem === UNKNOWN ? [who.condition, ...left] : left }];
    });
    if (open.length === 0) return [];
    return [{ grant, certain: open.some(({ conditions }) => conditions.length === 0), ways: open }];
}

/**
 * @param {WordedSelector} who
 * @param {string} email
 */
function isPerson(who, email) {
    return MACHINES.has(who.kind) ? NO : decide(who, email);
}

/**
 * The conditions that nobody can decide here, in words; undefined where one of them is not met.
 *
 * @param {readonly WordedCondition[]} conditions
 * @param {string | undefined} email
 * @returns {string[] | undefined}
 */
function leftOf(conditions, email) {
    const left = [];
    for (const { demand, anyOf, words } of conditions) {
        const verdicts = anyOf.map((selector) => decide(selector, email));
        const met = verdicts.includes(YES) ? YES : verdicts.includes(UNKNOWN) ? UNKNOWN : NO;
        if (met === (demand === "only" ? NO : YES)) return undefined;
        if (met === UNKNOWN) left.push(words);
    }
    return [...new Set(left)];
}

/**
 * @param {WordedSelector} selector
 * @param {string | undefined} email
 */
function decide({ kind, value }, email) {
    if (kind === "everyone") return YES;
    if (email === undefined) return UNKNOWN;
    if (kind === "email") return value.toLowerCase() === email ? YES : NO;
    if (kind === "email domain") return email.endsWith(`@${value.toLowerCase()}`) ? YES : NO;
    return UNKNOWN;
}
