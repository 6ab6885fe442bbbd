import type { Resource } from "../../policy/rule.ts";
import { REPLACED_BY } from "../../policy/tokens.ts";
import { UNKNOWN } from "../../policy/values.ts";
import { SIGNATURE, UNKNOWN_TEXT } from "../engine/marks.ts";

/** A resource of a state or a plan, read as the policy rules read theirs: what a preview cannot know is `UNKNOWN`. */
export interface DeclaredResource extends Resource {
    /** The provider's id; none before the resource is there. */
    readonly id: string | undefined;
    /** URN of the component that made it. */
    readonly parent: string | undefined;
    /** By property, the URNs of the resources whose outputs went into it. Known even where the value is not. */
    readonly dependencies: Readonly<Record<string, readonly string[]>>;
}

/** A resource as `pulumi preview --json` and `pulumi stack export` write it (`apitype.ResourceV3` of github.com/pulumi/pulumi). */
export interface SerializedResource {
    urn: string;
    type: string;
    id?: string;
    parent?: string;
    /** Waits to be deleted, because its replacement is there or, in a preview, comes first. */
    delete?: boolean;
    /** When it was made, in RFC 3339; in a state alone. */
    created?: string;
    inputs?: Record<string, unknown>;
    propertyDependencies?: Record<string, string[] | null>;
    outputs?: Record<string, unknown>;
}

/** One step of a preview. */
export interface PreviewStep {
    op: string;
    oldState?: SerializedResource;
    newState?: SerializedResource;
}

/** Operations after which there is no such resource. The engine shows the replacement of one as a single step. */
const GONE: ReadonlySet<string> = new Set(["delete", "discard", "delete-replaced", "discard-replaced", "read-discard"]);

/** Operations that leave a resource where it is. */
const STAYS: ReadonlySet<string> = new Set(["same", "update", "refresh", "read"]);

/** The stack before and after the steps of a preview. */
export function resourcesOfPreview(steps: readonly PreviewStep[]): {
    before: DeclaredResource[];
    after: DeclaredResource[];
} {
    const old = steps.flatMap(({ oldState }) => (oldState === undefined ? [] : [oldState]));
    // What is planned has no id, not even where the resource stays: then it keeps the one that it has.
    const now = steps.flatMap(({ op, oldState, newState }) => {
        if (newState === undefined || GONE.has(op)) return [];
        const id = newState.id ?? (STAYS.has(op) ? oldState?.id : undefined);
        return [id === undefined ? newState : { ...newState, id }];
    });
    return { before: declared(old), after: declared(now) };
}

/** The stack as a state has it. */
export function resourcesOfState(resources: readonly SerializedResource[]): DeclaredResource[] {
    return declared(resources);
}

function declared(resources: readonly SerializedResource[]): DeclaredResource[] {
    // What waits to be deleted counts as long as there is nothing in its place.
    const inOrder = resources.toSorted((one, other) => Number(other.delete === true) - Number(one.delete === true));
    const byUrn = new Map(inOrder.map((one) => [one.urn, one]));
    return [...byUrn.values()].map(({ urn, type, id, parent, inputs = {}, propertyDependencies = {} }) => ({
        urn,
        type: (REPLACED_BY as Readonly<Record<string, string>>)[type] ?? type,
        name: urn.slice(urn.lastIndexOf("::") + 2),
        id: id === "" || id === UNKNOWN_TEXT ? undefined : id,
        parent,
        props: readable(inputs) as Record<string, unknown>,
        dependencies: Object.fromEntries(
            Object.entries(propertyDependencies).map(([property, urns]) => [property, urns ?? []]),
        ),
    }));
}

/** What a preview shows in place of a secret; a state holds its ciphertext. */
export const SECRET_TEXT = "[secret]";

function readable(value: unknown): unknown {
    if (value === UNKNOWN_TEXT) return UNKNOWN;
    if (Array.isArray(value)) return value.map(readable);
    if (typeof value !== "object" || value === null) return value;
    // Secrets and the other values that are no plain JSON: none of them says who reaches what.
    if (SIGNATURE in value) return SECRET_TEXT;
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, readable(field)]));
}

/** Finds resources by type and by what others say of them. */
export class ResourceIndex {
    readonly #byType: ReadonlyMap<string, readonly DeclaredResource[]>;
    readonly #byUrn: ReadonlyMap<string, DeclaredResource>;

    constructor(resources: readonly DeclaredResource[]) {
        this.#byType = Map.groupBy(resources, ({ type }) => type);
        this.#byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    }

    ofType(type: string): readonly DeclaredResource[] {
        return this.#byType.get(type) ?? [];
    }

    /** The component that made a resource. */
    parentOf({ parent }: DeclaredResource): DeclaredResource | undefined {
        return parent === undefined ? undefined : this.#byUrn.get(parent);
    }

    /** The resources of some type that went into a property. */
    dependenciesOf(owner: DeclaredResource, property: string, type: string): DeclaredResource[] {
        return (owner.dependencies[property] ?? [])
            .map((urn) => this.#byUrn.get(urn))
            .filter((resource) => resource?.type === type) as DeclaredResource[];
    }

    /** The resource with an id that is known. */
    withId(type: string, id: string): DeclaredResource | undefined {
        return this.ofType(type).find((resource) => resource.id === id);
    }

    /**
     * What an id may lead to that a preview cannot know: the resources that went into the property and have no id yet, or all that went
     * into it, where each of them has one.
     */
    candidates(owner: DeclaredResource, property: string, type: string): DeclaredResource[] {
        const all = this.dependenciesOf(owner, property, type);
        const fresh = all.filter(({ id }) => id === undefined);
        return fresh.length > 0 ? fresh : all;
    }
}
