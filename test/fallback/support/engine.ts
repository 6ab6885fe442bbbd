/** A small stand-in for the Pulumi engine: it talks to a provider over gRPC, in the engine's order and with its wire format. */
import { type Client, credentials, type ServiceError } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import statusPb from "@pulumi/pulumi/proto/status_pb.js";
import { emptyPb, structPb } from "../../../toolchain/fallback/plugin/protobuf.ts";
import type { ResourceProvider } from "../../../toolchain/fallback/plugin/provider.ts";
import { serve } from "../../../toolchain/fallback/plugin/serve.ts";
import type { WireMap, WireValue } from "../../../toolchain/fallback/plugin/values.ts";

const SECRET = { key: "4dabf18193072939515e22adb298388d", signature: "1b47061264138c4ac30d75fd1eb44270" };

/** A secret on the wire. */
export function secret(value: WireValue): WireMap {
    return { [SECRET.key]: SECRET.signature, value };
}

export function isSecret(value: unknown): value is { value: WireValue } {
    return typeof value === "object" && value !== null && SECRET.key in value;
}

/** A value without the mark of a secret. */
export function opened(value: WireValue | undefined): WireValue | undefined {
    return isSecret(value) ? value.value : value;
}

/** What the engine sends and takes for an output that only the update can tell. */
export const UNKNOWN_OUTPUT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Inputs as a test writes them: JSON, and {@link secret}s. */
export type Inputs = Readonly<Record<string, unknown>>;

/** What the engine keeps of a resource. */
export interface ResourceState {
    readonly urn: string;
    readonly type: string;
    readonly id: string;
    readonly inputs: WireMap;
    readonly outputs: WireMap;
}

export interface Difference {
    readonly changed: boolean;
    readonly replaces: readonly string[];
    readonly paths: readonly string[];
}

export class FakeEngine implements AsyncDisposable {
    readonly #client: Client;
    readonly #stop: () => Promise<void>;

    private constructor(client: Client, stop: () => Promise<void>) {
        this.#client = client;
        this.#stop = stop;
    }

    static async start(provider: ResourceProvider, config: Inputs = {}): Promise<FakeEngine> {
        const server = await serve(() => provider);
        return FakeEngine.attach(server.port, config, server.stop);
    }

    /** One that did not start the provider itself. */
    static async attach(port: number, config: Inputs = {}, stop = async () => {}): Promise<FakeEngine> {
        // Engines are processes of their own, so they share no connection.
        const options = { "grpc.use_local_subchannel_pool": 1 };
        const client = new services.ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), options);
        const engine = new FakeEngine(client, stop);
        await engine.#call("handshake", new pb.ProviderHandshakeRequest());
        const request = new pb.ConfigureRequest();
        request.setArgs(struct(config));
        request.setUrn("urn:pulumi:test::test::pulumi:providers:test::provider");
        await engine.#call("configure", request);
        return engine;
    }

    /** What the engine keeps of a resource whose creation failed half-way, from the error's details. */
    static initFailure(error: Error): { id: string; reasons: readonly string[]; outputs: WireMap } {
        const [details] = (error.cause as ServiceError).metadata.get("grpc-status-details-bin");
        const status = statusPb.Status.deserializeBinary(Buffer.from(details ?? ""));
        const bytes = status.getDetailsList()[0]?.getValue_asU8() ?? new Uint8Array();
        const failed = pb.ErrorResourceInitFailed.deserializeBinary(bytes);
        return { id: failed.getId(), reasons: failed.getReasonsList(), outputs: plain(failed.getProperties()) };
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#client.close();
        await this.#stop();
    }

    /** Inputs after the provider's check; throws its failures. */
    async check(type: string, name: string, inputs: Inputs, old?: ResourceState): Promise<WireMap> {
        const request = identified(new pb.CheckRequest(), urnOf(type, name));
        request.setNews(struct(inputs));
        request.setOlds(struct(old?.inputs ?? {}));
        request.setRandomseed(Buffer.from(name));
        const response: pb.CheckResponse = await this.#call("check", request);
        const failures = response
            .getFailuresList()
            .map((failure) => `${failure.getProperty()}: ${failure.getReason()}`);
        if (failures.length > 0) {
            throw new Error(failures.join("\n"));
        }
        return plain(response.getInputs());
    }

    async preview(type: string, name: string, inputs: Inputs): Promise<WireMap> {
        return (await this.#create(type, name, inputs, true)).outputs;
    }

    async create(type: string, name: string, inputs: Inputs): Promise<ResourceState> {
        return this.#create(type, name, inputs, false);
    }

    async #create(type: string, name: string, inputs: Inputs, preview: boolean): Promise<ResourceState> {
        const checked = await this.check(type, name, inputs);
        const urn = urnOf(type, name);
        const request = identified(new pb.CreateRequest(), urn);
        request.setProperties(struct(checked));
        request.setPreview(preview);
        const response: pb.CreateResponse = await this.#call("create", request);
        return { urn, type, id: response.getId(), inputs: checked, outputs: plain(response.getProperties()) };
    }

    /** What changing to these inputs would do. */
    async diff(old: ResourceState, inputs: Inputs): Promise<Difference> {
        const request = identified(new pb.DiffRequest(), old.urn);
        request.setId(old.id);
        request.setOlds(struct(old.outputs));
        request.setOldInputs(struct(old.inputs));
        request.setNews(struct(await this.check(old.type, nameOf(old.urn), inputs, old)));
        const response: pb.DiffResponse = await this.#call("diff", request);
        return {
            changed: response.getChanges() === pb.DiffResponse.DiffChanges.DIFF_SOME,
            replaces: response.getReplacesList(),
            paths: response
                .getDetaileddiffMap()
                .toArray()
                .map(([path]) => path)
                .sort(),
        };
    }

    async update(old: ResourceState, inputs: Inputs): Promise<ResourceState> {
        const checked = await this.check(old.type, nameOf(old.urn), inputs, old);
        const request = identified(new pb.UpdateRequest(), old.urn);
        request.setId(old.id);
        request.setOlds(struct(old.outputs));
        request.setOldInputs(struct(old.inputs));
        request.setNews(struct(checked));
        const response: pb.UpdateResponse = await this.#call("update", request);
        return { ...old, inputs: checked, outputs: plain(response.getProperties()) };
    }

    /** The state after a refresh; undefined if the resource is gone. */
    async refresh(old: ResourceState): Promise<ResourceState | undefined> {
        return this.#read(old);
    }

    async import(type: string, name: string, id: string): Promise<ResourceState | undefined> {
        return this.#read({ urn: urnOf(type, name), type, id, inputs: {}, outputs: {} });
    }

    async #read(old: ResourceState): Promise<ResourceState | undefined> {
        const request = identified(new pb.ReadRequest(), old.urn);
        request.setId(old.id);
        request.setProperties(struct(old.outputs));
        request.setInputs(struct(old.inputs));
        const response: pb.ReadResponse = await this.#call("read", request);
        return response.getId() === ""
            ? undefined
            : {
                  ...old,
                  id: response.getId(),
                  inputs: plain(response.getInputs()),
                  outputs: plain(response.getProperties()),
              };
    }

    async delete(old: ResourceState): Promise<void> {
        const request = identified(new pb.DeleteRequest(), old.urn);
        request.setId(old.id);
        request.setProperties(struct(old.outputs));
        request.setOldInputs(struct(old.inputs));
        await this.#call("delete", request);
    }

    /** Asks for everything under way to be given up. */
    async cancel(): Promise<void> {
        await this.#call("cancel", new emptyPb.Empty());
    }

    async invoke(token: string, args: Inputs): Promise<WireMap> {
        const request = new pb.InvokeRequest();
        request.setTok(token);
        request.setArgs(struct(args));
        const response: pb.InvokeResponse = await this.#call("invoke", request);
        return plain(response.getReturn());
    }

    #call<Response>(method: Method, request: unknown): Promise<Response> {
        const { path, requestSerialize, responseDeserialize } = services.ResourceProviderService[method];
        return new Promise((resolve, reject) => {
            this.#client.makeUnaryRequest(
                path,
                requestSerialize as (value: unknown) => Buffer,
                responseDeserialize as (bytes: Buffer) => Response,
                request,
                (error: ServiceError | null, response) =>
                    error === null ? resolve(response as Response) : reject(new Error(error.details, { cause: error })),
            );
        });
    }
}

type Method =
    | "handshake"
    | "cancel"
    | "configure"
    | "check"
    | "diff"
    | "create"
    | "read"
    | "update"
    | "delete"
    | "invoke";

interface Identified {
    setUrn(urn: string): unknown;
    setName(name: string): unknown;
    setType(type: string): unknown;
}

function identified<T extends Identified>(request: T, urn: string): T {
    request.setUrn(urn);
    request.setName(nameOf(urn));
    request.setType(urn.split("::")[2] ?? "");
    return request;
}

function urnOf(type: string, name: string): string {
    return `urn:pulumi:test::test::${type}::${name}`;
}

function nameOf(urn: string): string {
    return urn.split("::")[3] ?? "";
}

function struct(values: Inputs) {
    return structPb.Struct.fromJavaScript(values as WireMap);
}

function plain(values: { toJavaScript(): unknown } | undefined): WireMap {
    return (values?.toJavaScript() ?? {}) as WireMap;
}
