import { createHash } from "node:crypto";
import type {
    CheckResult,
    DiffResult,
    LogSeverity,
    PropertyMap,
    ReadResult,
    ResourceHandler,
} from "../../../toolchain/fallback/plugin/provider.ts";
import { dockerProvider } from "../../../toolchain/fallback/providers/docker/index.ts";

/** A resource that was made, with all that the engine would keep of it. */
export interface Made {
    readonly id: string;
    readonly inputs: PropertyMap;
    readonly outputs: PropertyMap;
}

/** A provider driven as the engine drives it: check before everything, checked inputs into the rest. */
export class ProviderUnderTest {
    readonly logged: { severity: LogSeverity; message: string }[] = [];
    readonly #cancellation = new AbortController();
    readonly #provider = dockerProvider();

    constructor(config: PropertyMap = {}) {
        void this.#provider.configure?.(config, {
            log: (severity, message) => this.logged.push({ severity, message }),
            cancelled: this.#cancellation.signal,
        });
    }

    /** What the engine does when the user interrupts the run. */
    cancel(): void {
        this.#cancellation.abort(new Error("the run was cancelled"));
    }

    resource(kind: string): ResourceUnderTest {
        const token = `docker:index/${kind[0]?.toLowerCase()}${kind.slice(1)}:${kind}`;
        const handler = this.#provider.resources[token];
        if (handler === undefined) throw new Error(`no handler for ${token}`);
        return new ResourceUnderTest(handler, token);
    }
}

export class ResourceUnderTest {
    readonly #handler: ResourceHandler;
    readonly #type: string;

    constructor(handler: ResourceHandler, type: string) {
        this.#handler = handler;
        this.#type = type;
    }

    async check(name: string, inputs: PropertyMap, oldInputs?: PropertyMap, seed = name): Promise<CheckResult> {
        const randomSeed = createHash("sha256").update(seed).digest();
        const request = { ...this.#identity(name), inputs, oldInputs, randomSeed };
        return (await this.#handler.check?.(request)) ?? { inputs };
    }

    /** The checked inputs; mistakes fail the test. */
    async checked(name: string, inputs: PropertyMap, oldInputs?: PropertyMap, seed = name): Promise<PropertyMap> {
        const result = await this.check(name, inputs, oldInputs, seed);
        if (result.failures?.length) throw new Error(JSON.stringify(result.failures));
        return result.inputs;
    }

    async create(name: string, given: PropertyMap, seed = name): Promise<Made> {
        const inputs = await this.checked(name, given, undefined, seed);
        return { inputs, ...(await this.#handler.create({ ...this.#identity(name), inputs, timeoutSeconds: 0 })) };
    }

    async diff(name: string, made: Made, given: PropertyMap): Promise<DiffResult> {
        const inputs = await this.checked(name, given, made.inputs);
        const request = {
            ...this.#identity(name),
            id: made.id,
            oldInputs: made.inputs,
            oldOutputs: made.outputs,
            inputs,
        };
        return (await this.#handler.diff?.(request)) ?? { changes: {} };
    }

    async update(name: string, made: Made, given: PropertyMap): Promise<Made> {
        const inputs = await this.checked(name, given, made.inputs);
        const outputs = await this.#handler.update?.({
            ...this.#identity(name),
            id: made.id,
            oldInputs: made.inputs,
            oldOutputs: made.outputs,
            inputs,
            timeoutSeconds: 0,
        });
        return { id: made.id, inputs, outputs: outputs ?? {} };
    }

    /** A refresh, or with `{}` for both maps an import. */
    async read(
        name: string,
        made: { id: string; inputs: PropertyMap; outputs: PropertyMap },
    ): Promise<ReadResult | undefined> {
        return this.#handler.read({ ...this.#identity(name), id: made.id, inputs: made.inputs, state: made.outputs });
    }

    async delete(name: string, { id, inputs, outputs }: Made): Promise<void> {
        await this.#handler.delete({ ...this.#identity(name), id, inputs, outputs, timeoutSeconds: 0 });
    }

    #identity(name: string) {
        return { urn: `urn:pulumi:test::test::${this.#type}::${name}`, name, type: this.#type };
    }
}
