import * as pulumi from "@pulumi/pulumi";
import { realPem } from "./pems.ts";

/** Project and stack that programs under test see. */
export const PROJECT = "sallyport";
export const STACK = "test";

/** A resource as the engine would have been asked to register it. */
export interface RegisteredResource {
    urn: string;
    type: string;
    name: string;
    /** Inputs, unwrapped; unknown values of a preview are `UNKNOWN`. */
    inputs: Record<string, unknown>;
    /** Paths of the inputs that were sent as secrets, such as `policies[0].id`. */
    secrets: string[];
    /** URN of the parent, empty for a resource without one. */
    parent: string;
    /** What else it may have been called, as the engine is told. */
    aliases: { name?: string; type?: string }[];
    /** Id of an existing resource that it takes over; empty for none. */
    importId: string;
    /** Properties whose changes are passed over. */
    ignoreChanges: string[];
    /** URNs that it must come after: explicit and by its inputs. */
    dependencies: string[];
    /** By property, the URNs of what went into it. */
    propertyDependencies: Record<string, string[]>;
    /** What the provider answered; empty in a preview, and for components. */
    id: string;
    custom: boolean;
}

export interface Deployment<T> {
    /** What the program returned; undefined if it threw. */
    result: T | undefined;
    /** What it threw, or the first error inside an `apply`. */
    error: unknown;
    resources: RegisteredResource[];
    /** Inputs of the only resource of that type and name. */
    inputsOf(type: string, name: string): Record<string, unknown>;
    /** The only resource of that type and name. */
    resource(type: string, name: string): RegisteredResource;
}

/** Stands for a value that is not known in a preview. */
export const UNKNOWN = pulumi.runtime.unknownValue;

type Properties = Record<string, unknown>;

/** A provider under test: the id and state of a resource, or nothing where it has no such resource. */
type Create = (
    args: pulumi.runtime.MockResourceArgs,
) => Promise<{ id: string; state: Record<string, unknown> } | undefined>;

/** Computed outputs that our programs read, by type token; the inputs are echoed beside them. */
const COMPUTED: Readonly<Record<string, (name: string, inputs: Properties) => { id?: string; state: Properties }>> = {
    "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication": (name) => ({
        id: uuid(name),
        state: { aud: audienceTag(name) },
    }),
    "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider": (name, { scimConfig }) => ({
        id: uuid(name),
        state: scimConfig
            ? { scimConfig: { ...scimConfig, scimBaseUrl: `${name} SCIM`, secret: `${name} bearer` } }
            : {},
    }),
    "cloudflare:index/zeroTrustDevicePostureRule:ZeroTrustDevicePostureRule": (name) => ({ id: uuid(name), state: {} }),
    "cloudflare:index/zeroTrustAccessMtlsCertificate:ZeroTrustAccessMtlsCertificate": (name) => ({
        id: uuid(name),
        state: { fingerprint: `${name} fingerprint`, expiresOn: "2030-01-01T00:00:00Z" },
    }),
    "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken": (name) => ({
        id: uuid(name),
        state: {
            clientId: `${name}.access`,
            clientSecret: `${name} client secret`,
            expiresAt: "2027-11-22T12:00:00Z",
        },
    }),
    "cloudflare:index/zeroTrustAccessShortLivedCertificate:ZeroTrustAccessShortLivedCertificate": (name) => ({
        state: { publicKey: `ecdsa-sha2-nistp256 ${name} open-ssh-ca@cloudflareaccess.org` },
    }),
    "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared": (name) => ({ id: uuid(name), state: {} }),
    "cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig": () => ({
        state: { version: 7 },
    }),
    "docker:index/network:Network": () => ({
        state: { ipamConfigs: [{ gateway: "10.0.2.1", subnet: "10.0.2.0/24" }] },
    }),
    "cloudflare:index/zeroTrustTunnelCloudflaredVirtualNetwork:ZeroTrustTunnelCloudflaredVirtualNetwork": (name) => ({
        id: uuid(name),
        state: {},
    }),
    "docker:index/service:Service": (name) => ({ state: { name: `${name}-0123abc` } }),
    "docker:index/serviceConfig:ServiceConfig": (name) => ({ state: { name: `${name}-0123abc` } }),
    "docker:index/secret:Secret": (name) => ({ state: { name: `${name}-0123abc` } }),
    "random:index/randomPassword:RandomPassword": (name) => ({ state: { result: name.padEnd(64, ".") } }),
    "tls:index/privateKey:PrivateKey": (name) => {
        const key = pem("PRIVATE KEY", name);
        return { state: { privateKeyPem: key, privateKeyPemPkcs8: key } };
    },
    "tls:index/selfSignedCert:SelfSignedCert": (name) => ({ state: { certPem: pem("CERTIFICATE", name) } }),
    "tls:index/certRequest:CertRequest": (name) => ({ state: { certRequestPem: pem("CERTIFICATE REQUEST", name) } }),
    "tls:index/locallySignedCert:LocallySignedCert": (name) => ({
        state: { certPem: pem("CERTIFICATE", name), validityEndTime: "2029-02-20T12:00:00Z" },
    }),
};

/** What functions answer that every stack asks, by their token. */
const CALLS: Readonly<Record<string, Properties>> = {
    "cloudflare:index/getZone:getZone": {
        name: "example.com",
        status: "active",
        paused: false,
        nameServers: ["ada.ns.example", "bob.ns.example"],
    },
};

/** What the mocked tls provider answers for a resource of that name. */
export function pem(label: string, name: string): string {
    return realPem(label, name);
}

/** The id that the mocked provider answers for a resource of that name, in the form of a UUID. */
export function uuid(name: string): string {
    const hex = Buffer.from(name.padEnd(16, "\0").slice(0, 16)).toString("hex").slice(0, 32);
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The audience tag that the mocked provider answers for an application of that name: 64 hexadecimal digits. */
export function audienceTag(name: string): string {
    return Buffer.from(name).toString("hex").padEnd(64, "0").slice(0, 64);
}

/**
 * Runs a program against a mocked engine and waits until every registration has come through.
 *
 * Nothing leaks into the next call: the queue of registrations is drained, failed ones included.
 *
 * @param calls What functions answer, by their token; nothing where there is none.
 * @param state What the provider tells of a resource, by its name, beside what it always tells.
 * @param create Makes resources in place of what is always told, those that it answers for.
 * @param preview Whether ids and computed outputs are unknown, as in a preview before the first deployment.
 */
export async function deploy<T>(
    program: () => T,
    {
        preview = false,
        calls = {},
        state = {},
        create,
    }: {
        preview?: boolean;
        calls?: Record<string, Properties>;
        state?: Record<string, Properties>;
        create?: Create;
    } = {},
): Promise<Deployment<T>> {
    const resources: RegisteredResource[] = [];
    await pulumi.runtime.setMocks(
        {
            newResource: async (args) => {
                const made = preview ? undefined : await create?.({ ...args, inputs: unsecret(args.inputs) });
                return made ?? answer(args, preview, state[args.name]);
            },
            call: ({ token }) => calls[token] ?? CALLS[token] ?? {},
        },
        PROJECT,
        STACK,
        preview,
    );
    record(resources);

    let result: T | undefined;
    let error: unknown;
    const rejection = new Rejection();
    try {
        result = program();
    } catch (thrown) {
        error = thrown;
    }
    // What a program promises may have more to register. A registration whose inputs are rejected never ends, so the queue is not waited for then.
    await Promise.race([Promise.allSettled([result].flat()).then(waitForRegistrations), rejection.happened]);
    await new Promise((resolve) => setImmediate(resolve));
    error ??= rejection.end();

    const resource = (type: string, name: string) => {
        const found = resources.filter((one) => one.type === type && one.name === name);
        const [only] = found;
        if (only === undefined || found.length > 1) {
            const known = resources.map((one) => `${one.type} ${one.name}`).join("\n  ");
            throw new Error(`${found.length} resources are ${type} ${name}; registered are:\n  ${known}`);
        }
        return only;
    };
    return { result, error, resources, resource, inputsOf: (type, name) => resource(type, name).inputs };
}

/** The value of an output, secret or not. */
export function promiseOf<T>(output: pulumi.Output<T>): Promise<T> {
    return new Promise((resolve) => output.apply(resolve));
}

/** The reasons of a component's error by property path. */
export function problemsOf(error: unknown): Record<string, string> {
    if (!pulumi.InputPropertiesError.isInstance(error)) throw new Error(`not an InputPropertiesError: ${error}`);
    return Object.fromEntries(error.errors.map(({ propertyPath, reason }) => [propertyPath, reason]));
}

function answer({ type, name, inputs, custom }: pulumi.runtime.MockResourceArgs, preview: boolean, told?: Properties) {
    if (preview || custom === false) return { id: custom === false ? undefined : "", state: preview ? {} : inputs };
    const given = unsecret(inputs);
    const computed = COMPUTED[type]?.(name, given);
    return { id: computed?.id ?? `${name}-id`, state: { ...given, ...computed?.state, ...told } };
}

/** The request as the engine's protocol has it: the mock interface hides parents, dependencies and where secrets sit. */
function record(resources: RegisteredResource[]): void {
    const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = async (request, callback) => {
        const secrets: string[] = [];
        const inputs = unwrap(request.getObject()?.toJavaScript() ?? {}, "", secrets) as Record<string, unknown>;
        const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
        const aliases = request.getAliasesList().map((alias) => alias.toObject().spec ?? {});
        const resource = {
            urn: "",
            type,
            name,
            inputs,
            secrets,
            parent,
            aliases,
            importId: request.getImportid(),
            ignoreChanges: request.getIgnorechangesList(),
            dependencies: request.getDependenciesList(),
            propertyDependencies: Object.fromEntries(
                request
                    .getPropertydependenciesMap()
                    .getEntryList()
                    .map(([property]) => [
                        property,
                        request.getPropertydependenciesMap().get(property)?.getUrnsList() ?? [],
                    ]),
            ),
            id: "",
        };
        const position = resources.push({ ...resource, custom: request.getCustom() }) - 1;
        await register(request, (failure, response) => {
            const recorded = resources[position];
            if (recorded !== undefined && response !== undefined) {
                recorded.urn = response.getUrn();
                recorded.id = response.getId();
            }
            callback(failure, response);
        });
    };
}

interface RegisterRequest {
    getType(): string;
    getName(): string;
    getParent(): string;
    getCustom(): boolean;
    getDependenciesList(): string[];
    getPropertydependenciesMap(): {
        getEntryList(): [string, unknown][];
        get(property: string): { getUrnsList(): string[] } | undefined;
    };
    getImportid(): string;
    getIgnorechangesList(): string[];
    getAliasesList(): { toObject(): { spec?: { name?: string; type?: string } } }[];
    getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
}

interface Monitor {
    registerResource(
        request: RegisterRequest,
        callback: (failure: unknown, response: { getUrn(): string; getId(): string } | undefined) => void,
    ): Promise<void>;
}

/** Marks of the wire format (`sdk/go/common/resource/properties.go`). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

function unwrap(value: unknown, path: string, secrets: string[]): unknown {
    if (Array.isArray(value)) return value.map((element, index) => unwrap(element, `${path}[${index}]`, secrets));
    if (typeof value !== "object" || value === null) return value;
    const fields = value as Record<string, unknown>;
    if (fields[SIGNATURE] === SECRET_SIGNATURE) {
        secrets.push(path);
        return unwrap(fields.value, path, secrets);
    }
    const dot = path === "" ? "" : ".";
    return Object.fromEntries(
        Object.entries(fields).map(([key, field]) => [key, unwrap(field, `${path}${dot}${key}`, secrets)]),
    );
}

/** Echoed state carries no secret marks: which outputs are secret is for the component to say. */
function unsecret(inputs: Record<string, unknown>): Record<string, unknown> {
    return unwrap(inputs, "", []) as Record<string, unknown>;
}

function waitForRegistrations(): Promise<void> {
    // Exported by the SDK and left out of its types.
    const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };
    return waitForRPCs();
}

/**
 * The first error inside an `apply`. It reaches the process, as it reaches Pulumi's own handler in a real run; the test
 * runner, which would fail the whole run, does not see it.
 */
class Rejection {
    readonly happened: Promise<void>;
    readonly #runner = process.listeners("unhandledRejection");
    readonly #taken: unknown[] = [];
    readonly #take: (reason: unknown) => void;

    constructor() {
        const { promise, resolve } = Promise.withResolvers<void>();
        this.happened = promise;
        this.#take = (reason) => {
            this.#taken.push(reason);
            resolve();
        };
        process.removeAllListeners("unhandledRejection").on("unhandledRejection", this.#take);
    }

    /** Gives the listeners back and tells what was rejected first. */
    end(): unknown {
        process.off("unhandledRejection", this.#take);
        for (const listener of this.#runner) process.on("unhandledRejection", listener);
        return this.#taken[0];
    }
}
