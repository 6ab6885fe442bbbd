/**
 * What a fallback provider is made of. The host ({@link file://./service.ts}) speaks the engine's protocol and leaves to a
 * provider what only it knows: its resources, what replaces them, and how they are created, read, changed and deleted.
 *
 * Values are plain JavaScript ({@link PropertyMap}). Secrets are opened before a handler sees them; the host seals every
 * output whose input was secret, and those that the handler names in `secrets`.
 */
import type { PropertyMap, UNKNOWN, Value } from "./values.ts";

export type { PropertyMap, Value } from "./values.ts";
export { containsUnknown, isObject, UNKNOWN } from "./values.ts";

/** A package's provider: what `pulumi-resource-<name>` serves. */
export interface ResourceProvider {
    /** Package name, for example `docker`. */
    readonly name: string;
    /** Version of the npm package `@pulumi/<name>` whose provider this one stands in for. */
    readonly version: string;
    /** By type token, for example `docker:index/network:Network`. */
    readonly resources: Readonly<Record<string, ResourceHandler>>;
    /** By function token, for example `cloudflare:index/getZone:getZone`. */
    readonly functions?: Readonly<Record<string, ProviderFunction>>;
    /** Provider arguments that are kept as secrets, for example `apiToken`. */
    readonly secretConfig?: readonly string[];
    /** Provider arguments whose change makes every resource of this provider a new one. */
    readonly replaceOnConfigChange?: readonly string[];
    /** Mistakes in the provider's own arguments; called in previews too, where an argument may be `UNKNOWN`. */
    checkConfig?(config: PropertyMap): readonly CheckFailure[];
    /** Called once, before any handler; never with an unknown. Opens no connection: a preview may need none. */
    configure?(config: PropertyMap, host: ProviderHost): void | Promise<void>;
}

/** What the host offers to a provider. */
export interface ProviderHost {
    /** Prints a line with the resource in the engine's log. */
    log(severity: LogSeverity, message: string, urn?: string): void;
    /** Aborted when the user interrupts the run or the engine is gone. */
    readonly cancelled: AbortSignal;
}

export type LogSeverity = "debug" | "info" | "warning" | "error";

/** One resource type. Everything but `create`, `read` and `delete` has a default that suits most resources. */
export interface ResourceHandler {
    /** Outputs that the resource computes. A preview shows them as unknown on create, and as they were on update. */
    readonly computed?: readonly string[];
    /** Those of `computed` that an update may change, so that a preview of an update shows them as unknown too. */
    readonly computedOnUpdate?: readonly string[];
    /** Paths of inputs and outputs that are always secret, for example `result` or `config.clientSecret`. */
    readonly secrets?: readonly string[];
    /**
     * Paths whose change replaces the resource, without array indexes, for example `name` or
     * `taskSpec.containerSpec.hosts`; `*` stands for every input.
     */
    readonly replaceOnChange?: readonly string[];
    /** True where the old one has to go before the new one can be made. */
    readonly deleteBeforeReplace?: boolean;
    /** Fills in defaults and names, and reports mistakes. Without it the inputs are taken as they are. */
    check?(request: CheckRequest): CheckResult | Promise<CheckResult>;
    /** Without it old and new inputs are compared ({@link file://./diff.ts}). */
    diff?(request: DiffRequest): DiffResult | Promise<DiffResult>;
    /** What a preview of create or update shows. Without it: the inputs, and `UNKNOWN` for what is computed. */
    preview?(request: PreviewRequest): PropertyMap;
    create(request: CreateRequest): Promise<CreateResult>;
    /** The resource as it is now, or `undefined` if it is gone. Also an import: then `inputs` and `state` are empty. */
    read(request: ReadRequest): Promise<ReadResult | undefined>;
    /** Changes the resource in place and answers its new outputs. Needed unless every change replaces. */
    update?(request: UpdateRequest): Promise<PropertyMap>;
    delete(request: DeleteRequest): Promise<void>;
}

export type ProviderFunction = (args: PropertyMap, context: { readonly preview: boolean }) => Promise<FunctionResult>;

export interface FunctionResult {
    readonly outputs: PropertyMap;
    /** Paths of outputs that are secret. */
    readonly secrets?: readonly string[];
}

interface ResourceRequest {
    readonly urn: string;
    /** Logical name in the program. */
    readonly name: string;
    /** Type token. */
    readonly type: string;
}

export interface CheckRequest extends ResourceRequest {
    /** Inputs of the last run; undefined for a resource that is new or about to be replaced. */
    readonly oldInputs: PropertyMap | undefined;
    readonly inputs: PropertyMap;
    /** From the engine; the same in preview and update, so that names made from it ({@link autoName}) are too. */
    readonly randomSeed: Uint8Array;
    /** What the project's `pulumi:autonaming` configuration asks for. */
    readonly autonaming?: { readonly proposedName: string; readonly mode: "propose" | "enforce" | "disable" };
}

export interface CheckResult {
    readonly inputs: PropertyMap;
    readonly failures?: readonly CheckFailure[];
}

export interface CheckFailure {
    /** Path of the input, for example `matches[0].platform`. */
    readonly property: string;
    /** What is wrong with it and what to write instead. */
    readonly reason: string;
}

export interface DiffRequest extends ResourceRequest {
    readonly id: string;
    readonly oldInputs: PropertyMap;
    readonly oldOutputs: PropertyMap;
    /** May hold `UNKNOWN` in a preview. What the program ignores (`ignoreChanges`) is already as it was. */
    readonly inputs: PropertyMap;
}

export interface DiffResult {
    /** By path, for example `config.ingresses[0].service`. Empty: nothing has changed. */
    readonly changes: Readonly<Record<string, PropertyChange>>;
    readonly deleteBeforeReplace?: boolean;
}

export interface PropertyChange {
    readonly kind: "add" | "delete" | "update";
    readonly replaces: boolean;
    /** False where the outputs differ but no input does, as when a certificate has to be renewed. Default true. */
    readonly input?: boolean;
}

export interface PreviewRequest extends ResourceRequest {
    readonly inputs: PropertyMap;
    /** Outputs of the last run; undefined on create. */
    readonly oldOutputs: PropertyMap | undefined;
}

export interface CreateRequest extends ResourceRequest {
    readonly inputs: PropertyMap;
    /** Seconds that the program's `customTimeouts` grants; 0 where it says nothing. */
    readonly timeoutSeconds: number;
}

export interface CreateResult {
    readonly id: string;
    readonly outputs: PropertyMap;
}

export interface ReadRequest extends ResourceRequest {
    readonly id: string;
    readonly inputs: PropertyMap;
    readonly state: PropertyMap;
}

export interface ReadResult {
    readonly id: string;
    readonly outputs: PropertyMap;
    /** What a program would have to write to get this; compared with the program's inputs in the next diff. */
    readonly inputs: PropertyMap;
}

export interface UpdateRequest extends ResourceRequest {
    readonly id: string;
    readonly oldInputs: PropertyMap;
    readonly oldOutputs: PropertyMap;
    readonly inputs: PropertyMap;
    readonly timeoutSeconds: number;
}

export interface DeleteRequest extends ResourceRequest {
    readonly id: string;
    readonly inputs: PropertyMap;
    readonly outputs: PropertyMap;
    readonly timeoutSeconds: number;
}

/**
 * Thrown by `create`, `update` or `read` where the resource exists but is not healthy, such as a service that does not
 * converge: the engine keeps it in its state, reports the reasons and tries an update next time.
 */
export class ResourceInitError extends Error {
    readonly id: string;
    readonly outputs: PropertyMap;
    readonly inputs: PropertyMap;
    readonly reasons: readonly string[];

    constructor(id: string, outputs: PropertyMap, inputs: PropertyMap, reasons: readonly string[]) {
        super(reasons.join("; "));
        this.name = "ResourceInitError";
        this.id = id;
        this.outputs = outputs;
        this.inputs = inputs;
        this.reasons = reasons;
    }
}

/** Members that are known, for a handler that must not look at an unknown. */
export function known(value: Value | undefined): Exclude<Value, typeof UNKNOWN> | undefined {
    return typeof value === "symbol" ? undefined : value;
}
