import type { StackResource } from "../rule.ts";
import { at, keys, knownItems, text, UNKNOWN } from "../values.ts";
import { type Conditions, isOneOf, isSet, says, valuesAt } from "./paths.ts";

/** A resource of a kind that is reachable from outside until another one, or a property, shuts it. */
export interface PublicByDefault {
    /** Properties of which one that is set opens it; it is open from the beginning if there is none. */
    readonly opensBySetting?: readonly string[];
    /** Properties that shut it by being set. */
    readonly shutBySetting?: readonly string[];
    /** What all of it has to say to be shut. */
    readonly shutBySaying?: Conditions;
    readonly guards: readonly Guard[];
    /** What to write instead: one sentence. */
    readonly instead: string;
}

/** A kind of resource that shuts others. */
export interface Guard {
    readonly type: string;
    /** Property that names what it shuts. */
    readonly names: string;
    /** What else it has to say to shut anything. */
    readonly only?: Conditions;
    /** Properties with words of which what it shuts has one in `tags`, and expressions that its `labels` fulfil. */
    readonly tags?: string;
    readonly labelSelectors?: string;
}

/** Whether nothing that the stack shows keeps a resource from being reached; what a preview does not know yet may. */
export function isOpen(resource: StackResource, kind: PublicByDefault, stack: readonly StackResource[]): boolean {
    const { opensBySetting, shutBySetting = [], shutBySaying } = kind;
    const { props } = resource;
    if (opensBySetting !== undefined && !opensBySetting.some((path) => isOpened(at(props, path)))) return false;
    if (shutBySetting.some((path) => isSet(at(props, path)))) return false;
    if (shutBySaying !== undefined && isShutBy(props, shutBySaying)) return false;
    return !kind.guards.some((guard) =>
        stack.some((other) => other.type === guard.type && shuts(other, guard, resource)),
    );
}

function isOpened(value: unknown): boolean {
    return value !== false && isSet(value);
}

/** Whether every value of every path is one of those that shut, or may turn out to be. */
function isShutBy(props: unknown, conditions: Conditions): boolean {
    return Object.entries(conditions).every(([path, values]) => {
        const found = valuesAt(props, path);
        return found.length > 0 && found.every((value) => value === UNKNOWN || isOneOf(value, values));
    });
}

function shuts(other: StackResource, guard: Guard, resource: StackResource): boolean {
    const { names, only = {}, tags, labelSelectors } = guard;
    if (!says(other.props, only)) return false;
    const [property = ""] = names.split(/[.[]/);
    if (other.propertyDependencies[property]?.some(({ urn }) => urn === resource.urn) === true) return true;
    if (valuesAt(other.props, names).some((value) => isNameOf(value, resource))) return true;
    if (tags !== undefined) {
        const own = knownItems(at(resource.props, "tags"));
        if (knownItems(at(other.props, tags)).some((tag) => own.includes(tag))) return true;
    }
    return labelSelectors !== undefined && valuesAt(other.props, labelSelectors).some((one) => selects(one, resource));
}

/** Names are what a program can write down; ids are outputs, and show as dependencies. */
function isNameOf(value: unknown, { props }: StackResource): boolean {
    return typeof value === "string" && value === at(props, "name");
}

/** Whether a label selector such as `env=prod,web` fits; its other forms are not read, and fit nothing. */
function selects(selector: unknown, { props }: StackResource): boolean {
    if (typeof selector !== "string" || selector === "") return false;
    const labels = at(props, "labels");
    return selector.split(",").every((part) => {
        const [, key = "", value] = /^\s*([\w./-]+)\s*(?:==?\s*([\w.-]*)\s*)?$/.exec(part) ?? [];
        if (!keys(labels).includes(key)) return false;
        return value === undefined || text(at(labels, key)) === value;
    });
}
