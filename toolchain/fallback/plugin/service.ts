/** The engine's provider protocol (pulumi/pulumi `proto/pulumi/provider.proto`) in front of a {@link ResourceProvider}. */
import type { handleUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { diffInputs, diffOf } from "./diff.ts";
import { InitFailure, toServiceError } from "./errors.ts";
import { checkRequest, checkResponse, diffResponse, identity, read, write } from "./messages.ts";
import { emptyPb } from "./protobuf.ts";
import { type ProviderHost, type ResourceHandler, ResourceInitError, type ResourceProvider } from "./provider.ts";
import { encodeMap, type PropertyMap, sealLike, sealPaths, UNKNOWN, type WireMap } from "./values.ts";

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
