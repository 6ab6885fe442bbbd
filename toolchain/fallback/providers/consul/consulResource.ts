/** What a row of the table says about a resource type. */
import type { CheckFailure, PropertyMap, Value } from "../../plugin/provider.ts";
import type { ConsulRequest } from "./client.ts";

export interface ConsulResource {
    readonly inputs: readonly string[];
    /** Outputs that are not inputs, or that Consul fills in where a program leaves them out. */
    readonly outputs?: readonly string[];
    readonly secrets?: readonly string[];
    /** Inputs whose change makes another one; `*` for all of them. */
    readonly replaceOnChange: readonly string[];
    readonly deleteBeforeReplace?: boolean;
    /** Outputs that only the answer to the create tells, and inputs that Consul does not give back: what the state has stays. */
    readonly toldOnce?: readonly string[];
    check?(inputs: PropertyMap): readonly CheckFailure[];
    /**
     * Where the one to be is found beforehand, in resources that a create would change if it were there: it belongs to somebody else then.
     * Undefined where Consul itself refuses a second one.
     */
    taken?(inputs: PropertyMap): string;
    create(inputs: PropertyMap): ConsulRequest;
    /** Without it every change replaces. */
    update?(id: string, inputs: PropertyMap): ConsulRequest;
    idOf(inputs: PropertyMap, answer: PropertyMap): string;
    /** Path of one. */
    path(id: string): string;
    /** Inputs and outputs as Consul has them. */
    live(answer: PropertyMap): PropertyMap;
    /** Whether Consul is about to delete it. */
    isLeaving?(answer: PropertyMap): boolean;
    /** What an input has become, in the program's own form; undefined where it is gone. Without it {@link file://../../plugin/project.ts}. */
    refreshed?(key: string, given: Value, live: Value | undefined): Value | undefined;
}

/** `"a b c"` as a list: the tables stay readable. */
export function words(text: string): string[] {
    return text.split(" ");
}
