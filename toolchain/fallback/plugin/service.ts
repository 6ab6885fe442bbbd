/** The engine's provider protocol (pulumi/pulumi `proto/pulumi/provider.proto`) in front of a {@link ResourceProvider}. */
import type { handleUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { diffInputs, diffOf } from "./diff.ts";
import { InitFailure, toServiceError } from "./errors.ts";
import { emptyPb, structPb } from "./protobuf.ts";
import type {
    CheckFailure,
    CheckRequest,
    DiffResult,
    PropertyChange,
    ProviderHost,
    ResourceHandler,
    ResourceProvider,
} from "./provider.ts";
import { ResourceInitError } from "./provider.ts";
import { decodeMap, encodeMap, type PropertyMap, sealLike, sealPaths, UNKNOWN, type WireMap } from "./values.ts";

type Struct = import("google-protobuf/google/protobuf/struct_pb.js").Struct;

/** Host functions that the service needs beyond those that a provider sees. */
export interface ServiceHost extends ProviderHost {
    /** Called when the engine asks for everything under way to be given up. */
    cancel(): void;
    /** Called with the URN of the provider resource once the provider is configured. */
    configured(urn: string): void;
}

/** The service's methods, for `@grpc/grpc-js`'s `addService`. */
export function providerService(provider: ResourceProvider, host: ServiceHost): UntypedServiceImplementation {
    const find = (type: string): ResourceHandler => {
        const handler = provider.resources[type];
        if (handler === undefined) {
            throw new Error(
                `the fallback provider '${provider.name}' does not know the resource type '${type}'; ` +
                    "run where the official provider can be downloaded",
            );
        }
        return handler;
    };

    return {
        handshake: unary(() => {
            const response = new pb.ProviderHandshakeResponse();
            response.setAcceptSecrets(true);
            response.setSupportsAutonamingConfiguration(true);
            return response;
        }),
        getPluginInfo: unary(() => {
            const info = new pluginPb.PluginInfo();
            info.setVersion(provider.version);
            return info;
        }),
        getSchema: unary(() => {
            const response = new pb.GetSchemaResponse();
            response.setSchema(JSON.stringify({ name: provider.name, version: provider.version }));
            return response;
        }),
        attach: unary(() => new emptyPb.Empty()),
        cancel: unary(() => {
            host.cancel();
            return new emptyPb.Empty();
        }),

        checkConfig: unary<pb.CheckRequest>((request) => {
            const config = read(request.getNews());
            return checkResponse(
                sealPaths(config.wire, provider.secretConfig ?? []),
                provider.checkConfig?.(config.values) ?? [],
            );
        }),
        diffConfig: unary<pb.DiffRequest>((request) => {
            const replaceOnChange = provider.replaceOnConfigChange ?? [];
            const oldInputs = read(request.getOldInputs() ?? request.getOlds()).values;
            const inputs = read(request.getNews()).values;
            return diffResponse(diffInputs(replaceOnChange, { oldInputs, inputs }));
        }),
        configure: unary<pb.ConfigureRequest>(async (request) => {
            await provider.configure?.(read(request.getArgs()).values, host);
            host.configured(request.getUrn() ?? "");
            const response = new pb.ConfigureResponse();
            response.setAcceptsecrets(true);
            response.setSupportspreview(true);
            response.setSupportsAutonamingConfiguration(true);
            return response;
        }),

        invoke: unary<pb.InvokeRequest>(async (request) => {
            const invoke = provider.functions?.[request.getTok()];
            if (invoke === undefined) {
                throw new Error(
                    `the fallback provider '${provider.name}' does not know the function '${request.getTok()}'`,
                );
            }
            const result = await invoke(read(request.getArgs()).values, { preview: request.getPreview() });
            const response = new pb.InvokeResponse();
            response.setReturn(write(sealPaths(encodeMap(result.outputs), result.secrets ?? [])));
            return response;
        }),

        check: unary<pb.CheckRequest>(async (request) => {
            const handler = find(request.getType());
            const news = read(request.getNews());
            const result = (await handler.check?.(checkRequest(request))) ?? { inputs: news.values };
            return checkResponse(
                sealPaths(sealLike(encodeMap(result.inputs), news.wire), handler.secrets ?? []),
                result.failures ?? [],
            );
        }),
        diff: unary<pb.DiffRequest>(async (request) => {
            const handler = find(request.getType());
            const diffRequest = {
                ...identity(request),
                id: request.getId(),
                oldInputs: read(request.getOldInputs()).values,
                oldOutputs: read(request.getOlds()).values,
                inputs: read(request.getNews()).values,
            };
            return diffResponse(await (handler.diff?.(diffRequest) ?? diffOf(handler, diffRequest)));
        }),
        create: unary<pb.CreateRequest>(async (request) => {
            const handler = find(request.getType());
            const { values: inputs, wire } = read(request.getProperties());
            const response = new pb.CreateResponse();
            if (request.getPreview()) {
                const outputs = preview(handler, { ...identity(request), inputs, oldOutputs: undefined });
                response.setProperties(write(seal(handler, outputs, wire)));
                return response;
            }
            const created = await sealingFailure(handler, wire, () =>
                handler.create({ ...identity(request), inputs, timeoutSeconds: request.getTimeout() }),
            );
            response.setId(created.id);
            response.setProperties(write(seal(handler, created.outputs, wire)));
            return response;
        }),
        read: unary<pb.ReadRequest>(async (request) => {
            const handler = find(request.getType());
            const inputs = read(request.getInputs());
            const state = read(request.getProperties());
            const response = new pb.ReadResponse();
            const found = await sealingFailure(handler, state.wire, () =>
                handler.read({
                    ...identity(request),
                    id: request.getId(),
                    inputs: inputs.values,
                    state: state.values,
                }),
            );
            // An empty id tells the engine that the resource is gone.
            if (found !== undefined) {
                response.setId(found.id);
                response.setProperties(write(seal(handler, found.outputs, state.wire)));
                response.setInputs(write(seal(handler, found.inputs, inputs.wire)));
            }
            return response;
        }),
        update: unary<pb.UpdateRequest>(async (request) => {
            const handler = find(request.getType());
            const { values: inputs, wire } = read(request.getNews());
            const response = new pb.UpdateResponse();
            const oldOutputs = read(request.getOlds()).values;
            const outputs = request.getPreview()
                ? preview(handler, { ...identity(request), inputs, oldOutputs })
                : await sealingFailure(handler, wire, () =>
                      update(handler, {
                          ...identity(request),
                          id: request.getId(),
                          oldInputs: read(request.getOldInputs()).values,
                          oldOutputs,
                          inputs,
                          timeoutSeconds: request.getTimeout(),
                      }),
                  );
            response.setProperties(write(seal(handler, outputs, wire)));
            return response;
        }),
        delete: unary<pb.DeleteRequest>(async (request) => {
            await find(request.getType()).delete({
                ...identity(request),
                id: request.getId(),
                inputs: read(request.getOldInputs()).values,
                outputs: read(request.getProperties()).values,
                timeoutSeconds: request.getTimeout(),
            });
            return new emptyPb.Empty();
        }),
    };
}

/** A handler that answers or throws, as the callback that gRPC wants. */
function unary<Request>(respond: (request: Request) => unknown): handleUnaryCall<Request, unknown> {
    return (call, callback) => {
        Promise.resolve(call.request)
            .then(respond)
            .then(
                (response) => callback(null, response),
                (error: unknown) => callback(toServiceError(error)),
            );
    };
}

function identity(request: { getUrn(): string; getName(): string; getType(): string }) {
    return { urn: request.getUrn(), name: request.getName(), type: request.getType() };
}

function read(struct: Struct | undefined): { values: PropertyMap; wire: WireMap } {
    const wire = (struct?.toJavaScript() ?? {}) as WireMap;
    return { values: decodeMap(wire), wire };
}

function write(wire: WireMap): Struct {
    return structPb.Struct.fromJavaScript(wire);
}

function seal(handler: ResourceHandler, outputs: PropertyMap, like: WireMap): WireMap {
    return sealPaths(sealLike(encodeMap(outputs), like), handler.secrets ?? []);
}

/** What a half-made resource has for outputs goes into the state too, so its secrets are sealed like those of a whole one. */
async function sealingFailure<T>(handler: ResourceHandler, like: WireMap, act: () => Promise<T>): Promise<T> {
    try {
        return await act();
    } catch (error) {
        if (error instanceof ResourceInitError) {
            throw new InitFailure(error, seal(handler, error.outputs, like), seal(handler, error.inputs, like));
        }
        throw error;
    }
}

const AUTONAMING_MODES = ["propose", "enforce", "disable"] as const;

function checkRequest(request: pb.CheckRequest): CheckRequest {
    const olds = request.getOlds();
    const oldInputs = olds === undefined || olds.getFieldsMap().getLength() === 0 ? undefined : read(olds).values;
    const autonaming = request.getAutonaming();
    return {
        ...identity(request),
        oldInputs,
        inputs: read(request.getNews()).values,
        randomSeed: request.getRandomseed_asU8(),
        ...(autonaming && {
            autonaming: {
                proposedName: autonaming.getProposedName(),
                mode: AUTONAMING_MODES[autonaming.getMode()] ?? "propose",
            },
        }),
    };
}

function checkResponse(inputs: WireMap, failures: readonly CheckFailure[]): pb.CheckResponse {
    const response = new pb.CheckResponse();
    response.setInputs(write(inputs));
    response.setFailuresList(
        failures.map(({ property, reason }) => {
            const failure = new pb.CheckFailure();
            failure.setProperty(property);
            failure.setReason(reason);
            return failure;
        }),
    );
    return response;
}

const KINDS = {
    add: [pb.PropertyDiff.Kind.ADD, pb.PropertyDiff.Kind.ADD_REPLACE],
    delete: [pb.PropertyDiff.Kind.DELETE, pb.PropertyDiff.Kind.DELETE_REPLACE],
    update: [pb.PropertyDiff.Kind.UPDATE, pb.PropertyDiff.Kind.UPDATE_REPLACE],
} as const satisfies Record<PropertyChange["kind"], readonly [pb.PropertyDiff.Kind, pb.PropertyDiff.Kind]>;

function diffResponse({ changes, deleteBeforeReplace = false }: DiffResult): pb.DiffResponse {
    const response = new pb.DiffResponse();
    const changed = Object.entries(changes);
    const { DIFF_SOME, DIFF_NONE } = pb.DiffResponse.DiffChanges;
    response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setDiffsList(topLevelKeys(changed));
    response.setReplacesList(topLevelKeys(changed.filter(([, change]) => change.replaces)));
    response.setDeletebeforereplace(deleteBeforeReplace);
    response.setHasdetaileddiff(true);
    for (const [path, change] of changed) {
        const diff = new pb.PropertyDiff();
        diff.setKind(KINDS[change.kind][change.replaces ? 1 : 0]);
        diff.setInputdiff(change.input ?? true);
        response.getDetaileddiffMap().set(path, diff);
    }
    return response;
}

function topLevelKeys(changes: readonly (readonly [path: string, change: PropertyChange])[]): string[] {
    return [...new Set(changes.map(([path]) => path.replace(/[.[].*$/s, "")))];
}

function preview(
    handler: ResourceHandler,
    request: Parameters<NonNullable<ResourceHandler["preview"]>>[0],
): PropertyMap {
    if (handler.preview !== undefined) {
        return handler.preview(request);
    }
    const { inputs, oldOutputs } = request;
    const unsettled = oldOutputs === undefined ? handler.computed : handler.computedOnUpdate;
    const outputs: PropertyMap = { ...inputs };
    for (const key of handler.computed ?? []) {
        const old = oldOutputs?.[key];
        if (inputs[key] === undefined && old !== undefined) {
            outputs[key] = old;
        }
    }
    for (const key of unsettled ?? []) {
        if (inputs[key] === undefined) {
            outputs[key] = UNKNOWN;
        }
    }
    return outputs;
}

function update(handler: ResourceHandler, request: Parameters<NonNullable<ResourceHandler["update"]>>[0]) {
    if (handler.update === undefined) {
        throw new Error(`'${request.type}' cannot be changed in place`);
    }
    return handler.update(request);
}
