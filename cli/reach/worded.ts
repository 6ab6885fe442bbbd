import type { AccessGraph, Condition, Grant, Selector } from "./model.ts";
import { conditionWords, targetWords, whoWords } from "./words.ts";

/** A graph with its words, as plain data: for answers on the command line and for the page, which has nothing else. */
export interface WordedGraph {
    targets: WordedTarget[];
    grants: WordedGrant[];
}

export interface WordedTarget {
    kind: string;
    name: string;
    origin?: string;
    tunnel?: string;
    words: string;
}

export interface WordedGrant {
    who: WordedSelector & { words: string };
    target: WordedTarget;
    ways: WordedWay[];
}

export interface WordedSelector {
    kind: string;
    value: string;
    /** What somebody has to meet who is to be meant by it: `in staff@example.com at workspace`. */
    condition: string;
}

export interface WordedWay {
    rule: string;
    session: string;
    conditions: WordedCondition[];
}

export interface WordedCondition {
    demand: "only" | "except";
    anyOf: WordedSelector[];
    words: string;
}

export function worded({ targets, grants }: AccessGraph): WordedGraph {
    return { targets: targets.map(wordedTarget), grants: grants.map(wordedGrant) };
}

function wordedTarget(target: Grant["target"]): WordedTarget {
    return { ...target, words: targetWords(target) };
}

function wordedGrant({ who, target, ways }: Grant): WordedGrant {
    return {
        who: { ...wordedSelector(who), words: whoWords(who) },
        target: wordedTarget(target),
        ways: ways.map(({ rule, session, conditions }) => ({
            rule,
            session,
            conditions: conditions.map(wordedCondition),
        })),
    };
}

function wordedCondition(condition: Condition): WordedCondition {
    const { demand, anyOf } = condition;
    return { demand, anyOf: anyOf.map(wordedSelector), words: conditionWords(condition) };
}

function wordedSelector(selector: Selector): WordedSelector {
    const { kind, value } = selector;
    return { kind, value, condition: conditionWords({ demand: "only", anyOf: [selector] }) };
}
