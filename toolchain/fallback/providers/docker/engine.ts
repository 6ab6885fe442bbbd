/** The Docker engine that the provider was configured for. */
import type Docker from "dockerode";
import type { CheckFailure, LogSeverity, PropertyMap, ProviderHost } from "../../plugin/provider.ts";
import { isObject, UNKNOWN } from "../../plugin/provider.ts";
import { textOf } from "./values.ts";

/** Credentials as dockerode hands them to the engine. */
export interface RegistryAuth {
    readonly username: string;
    readonly password: string;
    readonly serveraddress: string;
}

/** Provider arguments that are understood here. */
const KNOWN_ARGUMENTS = new Set(["host", "registryAuth", "version", "pluginDownloadURL"]);

/** Mistakes in the provider's arguments. What the official one takes beyond these is refused, not ignored: it would be missed. */
export function checkEngineConfig(config: PropertyMap): CheckFailure[] {
    const failures: CheckFailure[] = [];
    for (const property of Object.keys(config)) {
        if (KNOWN_ARGUMENTS.has(property) || property.startsWith("__")) continue;
        failures.push({
            property,
            reason: `the fallback provider knows host and registryAuth; set DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH in the environment instead of "${property}"`,
        });
    }
    const { host } = config;
    if (host !== undefined && host !== UNKNOWN && !/^(unix|tcp|http|https|npipe|ssh):\/\//.test(textOf(host))) {
        failures.push({
            property: "host",
            reason: `"${textOf(host)}" is no Docker engine address; write unix:///var/run/docker.sock or tcp://host:2376`,
        });
    }
    return failures;
}

/**
 * Connects on the first use, not when it is configured: a preview needs no Docker, and no client library to be loaded.
 */
export class Engine {
    #host: string | undefined;
    #registries: readonly RegistryAuth[] = [];
    #provider: ProviderHost | undefined;
    #connection: Promise<Docker> | undefined;

    configure(config: PropertyMap, provider: ProviderHost): void {
        this.#host = textOf(config.host) || undefined;
        this.#registries = registryAuths(config);
        this.#provider = provider;
        this.#connection = undefined;
    }

    /**
     * The client of an engine that answers.
     *
     * @throws Error with the way out when there is none, and always where `SALLYPORT_OFFLINE=1` says that nothing may be contacted.
     */
    docker(): Promise<Docker> {
        this.#connection ??= this.#connect();
        return this.#connection;
    }

    async #connect(): Promise<Docker> {
        if (process.env.SALLYPORT_OFFLINE === "1") {
            throw new Error("SALLYPORT_OFFLINE is 1: Docker is not contacted. Unset it to update or refresh.");
        }
        const { connect, dockerError, inspectHost } = await import("../../../docker/index.ts");
        const connection = await connect({ host: this.#host });
        if (connection.state === "running") return connection.docker;
        this.#connection = undefined;
        const { message, fix } = dockerError(connection, inspectHost());
        throw new Error(`${message} ${fix}`);
    }

    /** Aborted when the user interrupts the run. */
    get cancelled(): AbortSignal {
        return this.#provider?.cancelled ?? new AbortController().signal;
    }

    log(severity: LogSeverity, message: string, urn: string): void {
        this.#provider?.log(severity, message, urn);
    }

    /** Credentials for the registry that holds an image; empty where the program gives none. */
    authFor(image: string): RegistryAuth | Record<string, never> {
        const registry = registryOf(image);
        return this.#registries.find(({ serveraddress }) => hostOf(serveraddress) === registry) ?? {};
    }
}

/** Nested provider arguments arrive as JSON text. */
function registryAuths(config: PropertyMap): RegistryAuth[] {
    const given = config.registryAuth;
    const list: unknown = typeof given === "string" ? JSON.parse(given) : given;
    if (!Array.isArray(list)) return [];
    return list.filter(isObject).map((entry) => ({
        username: textOf(entry.username),
        password: textOf(entry.password),
        serveraddress: textOf(entry.address),
    }));
}

const DOCKER_HUB = "docker.io";

/** The registry of an image reference: its first part if that can be a host name (distribution's reference grammar). */
function registryOf(image: string): string {
    const [first = "", ...rest] = image.split("/");
    return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : DOCKER_HUB;
}

function hostOf(address: string): string {
    const host = address.replace(/^https?:\/\//, "").split("/")[0] ?? "";
    return /^(registry-1|registry\.hub|registry|index)\.docker\.(io|com)$/.test(host) ? DOCKER_HUB : host;
}
