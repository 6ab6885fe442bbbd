/** The cluster that the provider was configured for. */
import type { KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";
import type { CheckFailure, PropertyMap, ProviderHost } from "../../plugin/provider.ts";

/** Provider arguments that are understood here. */
const KNOWN_ARGUMENTS = new Set(["kubeconfig", "context", "namespace", "version", "pluginDownloadURL"]);

/** Who owns the fields that are applied. The official provider adds a random suffix; here one name is enough. */
const FIELD_MANAGER = "pulumi-kubernetes";

/** Mistakes in the provider's arguments. What the official one takes beyond these is refused, not ignored: it would be missed. */
export function checkClusterConfig(config: PropertyMap): CheckFailure[] {
    return Object.keys(config)
        .filter((property) => !KNOWN_ARGUMENTS.has(property) && !property.startsWith("__"))
        .map((property) => ({
            property,
            reason: `the fallback provider knows kubeconfig, context and namespace; remove "${property}", or run where the official provider can be had`,
        }));
}

/** An object as the API gives it. */
export type LiveObject = KubernetesObject & PropertyMap;

/** What names an object in the API. */
export interface ObjectName {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Connects on the first use, not when it is configured: a preview needs no cluster, and no client library to be loaded. */
export class Cluster {
    #config: PropertyMap = {};
    #host: ProviderHost | undefined;
    #api: Promise<KubernetesObjectApi> | undefined;

    configure(config: PropertyMap, host: ProviderHost): void {
        this.#config = config;
        this.#host = host;
        this.#api = undefined;
    }

    /** Namespace of objects that name none. */
    get namespace(): string {
        const { namespace } = this.#config;
        return typeof namespace === "string" && namespace !== "" ? namespace : "default";
    }

    /** Aborted when the user interrupts the run. */
    get cancelled(): AbortSignal {
        return this.#host?.cancelled ?? new AbortController().signal;
    }

    /** Makes an object what is given, or makes it; fields that others own are left to them, and claimed by nobody else. */
    async apply(object: ObjectName & PropertyMap): Promise<LiveObject> {
        const { PatchStrategy } = await import("@kubernetes/client-node");
        const api = await this.#connected();
        const applied = api.patch(object, undefined, undefined, FIELD_MANAGER, false, PatchStrategy.ServerSideApply);
        return (await answer(applied, object)) as LiveObject;
    }

    /** The object, or undefined if there is none. */
    async read(name: ObjectName): Promise<LiveObject | undefined> {
        const api = await this.#connected();
        try {
            return (await answer(api.read(name), name)) as LiveObject;
        } catch (error) {
            if (error instanceof ClusterError && error.status === 404) return undefined;
            throw error;
        }
    }

    /** Has an object go; it may take its time. One that is gone already is fine. */
    async delete(name: ObjectName): Promise<void> {
        const api = await this.#connected();
        try {
            await answer(api.delete(name, undefined, undefined, undefined, undefined, "Background"), name);
        } catch (error) {
            if (!(error instanceof ClusterError && error.status === 404)) throw error;
        }
    }

    #connected(): Promise<KubernetesObjectApi> {
        this.#api ??= this.#connect();
        return this.#api;
    }

    async #connect(): Promise<KubernetesObjectApi> {
        if (process.env.SALLYPORT_OFFLINE === "1") {
            throw new Error("SALLYPORT_OFFLINE is 1: no cluster is contacted. Unset it to update or refresh.");
        }
        const { KubeConfig, KubernetesObjectApi } = await import("@kubernetes/client-node");
        const { kubeconfig, context } = this.#config;
        const config = new KubeConfig();
        if (typeof kubeconfig !== "string" || kubeconfig === "") config.loadFromDefault();
        else if (/^\s*(\{|apiVersion:|kind:|---)/.test(kubeconfig)) config.loadFromString(kubeconfig);
        else config.loadFromFile(kubeconfig);
        if (typeof context === "string" && context !== "") {
            if (config.getContextObject(context) === null) {
                const known = config.getContexts().map(({ name }) => name);
                throw new Error(`the kubeconfig has no context "${context}"; it has ${known.join(", ") || "none"}`);
            }
            config.setCurrentContext(context);
        }
        return KubernetesObjectApi.makeApiClient(config);
    }
}

/** A refusal in the API server's own words. */
class ClusterError extends Error {
    readonly status: number;

    constructor(status: number, message: string, cause: unknown) {
        super(message, { cause });
        this.name = "ClusterError";
        this.status = status;
    }
}

async function answer<T>(asked: Promise<T>, { kind, metadata: { name } }: ObjectName): Promise<T> {
    try {
        return await asked;
    } catch (error) {
        const { code, body } = error as { code?: unknown; body?: unknown };
        if (typeof code !== "number") throw error;
        throw new ClusterError(code, `${kind} "${name}": ${messageIn(body) ?? `status ${code}`}`, error);
    }
}

/** A refusal is a `Status` object, as JSON text or parsed. */
function messageIn(body: unknown): string | undefined {
    try {
        const { message } = typeof body === "string" ? JSON.parse(body) : (body as { message?: unknown });
        return typeof message === "string" ? message : undefined;
    } catch {
        // Something else than the API server answered; the status tells.
        return undefined;
    }
}
