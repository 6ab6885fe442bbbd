import * as pulumi from "@pulumi/pulumi";
import { type Problem, Problems, plain } from "../../internal/problems.ts";
import { toYaml } from "../../internal/yaml.ts";
import { type CertificateFiles, dynamicConfiguration, type ResolvedRoute } from "./dynamicConfiguration.ts";
import { extraProblems, parseExtra } from "./extraConfiguration.ts";
import { ProxyLogLevel } from "./logLevel.ts";
import type { PlacedMiddleware, ProxyMiddleware } from "./middlewares.ts";
import { schemaProblems, TraefikFile } from "./schemaProblems.ts";
import type { ProxyCertificate, ProxyLabelProvider, ProxySettings } from "./settings.ts";
import { staticConfiguration } from "./staticConfiguration.ts";
import type { PlacedTlsOptions, ProxyTlsOptions } from "./tlsOptions.ts";

const TLS_FOLDER = "/etc/traefik/tls";

/** A certificate or key as a file of the proxy's. */
export interface ProxyFile {
    /** Tells it from the other files of the proxy: `key-0`, `ca-vault`. */
    name: string;
    /** Where the proxy finds it. */
    path: string;
    text: pulumi.Input<string>;
    /** Whether nobody but the proxy may read it. */
    isSecret: boolean;
}

/** What depends on where the proxy runs. */
export interface RuntimeSettings {
    swarm?: ProxyLabelProvider;
    docker?: ProxyLabelProvider;
    /** Port for HTTPS as clients see it, where it is not the container's own. */
    publishedHttpsPort?: number;
}

/** Settings with every PEM in a file, and everything known. */
interface PlacedSettings {
    certificates: CertificateFiles[];
    routes: ResolvedRoute[];
    middlewares: PlacedMiddleware[];
    tlsOptions: PlacedTlsOptions[];
    trustedProxies: string[];
    metrics?: { port?: number; byRouter?: boolean; allowFrom?: string[] };
    extraConfiguration?: string;
    tracing?: { endpoint: string; samplePercent?: number; caFile?: string };
}

/** A proxy's files: certificates and keys, and the two texts that name them. */
export interface PlacedProxy {
    files: ProxyFile[];
    staticText: pulumi.Output<string>;
    dynamicText: pulumi.Output<string>;
}

/**
 * Gives every certificate and key of a proxy a file, and writes its configuration.
 *
 * @param component Class and name of the component, for messages about values that were not known when its arguments were checked.
 */
export function placeProxy(
    [component, name]: readonly [string, string],
    settings: ProxySettings,
    runtime: RuntimeSettings,
): PlacedProxy {
    const { files, inputs } = placeFiles(settings);
    const resolved = pulumi.output(inputs) as unknown as pulumi.Output<PlacedSettings>;
    const configuration = resolved.apply((placed) => {
        const problems = new Problems();
        const { extraConfiguration, ...own } = placed;
        if (extraConfiguration !== undefined) {
            problems.addAll(extraProblems(extraConfiguration, dynamicOf(settings, own)));
        }
        problems.throwIfAny(component, name);
        return configurationOf(settings, placed, runtime);
    });
    return {
        files,
        staticText: configuration.apply((both) => toYaml(both.static)),
        dynamicText: configuration.apply((both) => toYaml(both.dynamic)),
    };
}

/**
 * What Traefik would not read in the configuration of settings that are otherwise right. Values that are not known yet are taken for
 * right ones.
 */
export function placementProblems(settings: ProxySettings, runtime: RuntimeSettings): Problem[] {
    const { extraConfiguration, ...own } = withStandIns(placeFiles(settings).inputs) as PlacedSettings;
    const extra = plain(settings.extraConfiguration);
    const problems = extra === undefined ? [] : extraProblems(extra, dynamicOf(settings, own));
    if (problems.length > 0) return problems;
    const both = configurationOf(settings, own, runtime);
    return [
        ...schemaProblems(TraefikFile.Static, both.static, "traefik.yml"),
        ...schemaProblems(TraefikFile.Dynamic, both.dynamic, "dynamic.yml"),
    ];
}

function configurationOf(settings: ProxySettings, placed: PlacedSettings, runtime: RuntimeSettings) {
    const { swarm, docker, publishedHttpsPort } = runtime;
    const { tracing, trustedProxies, metrics } = placed;
    return {
        static: staticConfiguration({
            logLevel: settings.logLevel ?? ProxyLogLevel.Info,
            accessLog: settings.accessLog ?? true,
            dashboard: settings.dashboard !== undefined,
            trustedProxies,
            separatesPaths: settings.routes.some(({ path }) => path !== undefined),
            ...(swarm === undefined ? {} : { swarm }),
            ...(docker === undefined ? {} : { docker }),
            ...(publishedHttpsPort === undefined ? {} : { publishedHttpsPort }),
            ...(metrics === undefined ? {} : { metrics }),
            ...(tracing === undefined ? {} : { tracing }),
        }),
        dynamic: dynamicOf(settings, placed),
    };
}

function dynamicOf({ dashboard }: ProxySettings, placed: PlacedSettings) {
    const { certificates, routes, middlewares, tlsOptions, trustedProxies, metrics, extraConfiguration } = placed;
    return dynamicConfiguration({
        certificates,
        routes,
        middlewares,
        tlsOptions,
        isBehindProxy: trustedProxies.length > 0,
        ...(metrics?.allowFrom === undefined ? {} : { metricsFrom: metrics.allowFrom }),
        ...(dashboard === undefined
            ? {}
            : { dashboardHostname: dashboard.hostname, dashboardMiddlewares: dashboard.middlewares ?? [] }),
        ...(extraConfiguration === undefined ? {} : { extra: parseExtra(extraConfiguration) }),
    });
}

function placeFiles(settings: ProxySettings) {
    const files: ProxyFile[] = [];
    const authority = (name: string, path: string, pem: pulumi.Input<string> | undefined) => {
        if (pem === undefined) return {};
        files.push({ name, path: `${TLS_FOLDER}/${path}`, text: pem, isSecret: false });
        return { caFile: `${TLS_FOLDER}/${path}` };
    };
    const { trustedProxies = [], metrics, extraConfiguration, tracing, middlewares = [], tlsOptions = [] } = settings;
    const certificates = settings.certificates.map((pair, index) => placeCertificate(files, pair, index));
    const inputs = {
        certificates,
        routes: settings.routes.map(({ caPem, ...route }) => ({
            ...route,
            ...authority(`ca-${route.name}`, `backend-${route.name}-ca.pem`, caPem),
        })),
        middlewares: middlewares.map((middleware) => placeMiddleware(middleware, authority)),
        tlsOptions: tlsOptions.map((set) => placeTlsOptions(set, authority)),
        trustedProxies,
        ...(metrics === undefined ? {} : { metrics }),
        ...(extraConfiguration === undefined ? {} : { extraConfiguration }),
        ...(tracing === undefined ? {} : { tracing: placeTracing(tracing, authority) }),
    };
    return { files, inputs };
}

function placeCertificate(files: ProxyFile[], { certPem, keyPem }: ProxyCertificate, index: number): CertificateFiles {
    const certFile = `${TLS_FOLDER}/certificate-${index}.pem`;
    const keyFile = `/run/secrets/key-${index}.pem`;
    files.push({ name: `certificate-${index}`, path: certFile, text: certPem, isSecret: false });
    files.push({ name: `key-${index}`, path: keyFile, text: pulumi.secret(keyPem), isSecret: true });
    return { certFile, keyFile };
}

type PlaceAuthority = (name: string, path: string, pem: pulumi.Input<string> | undefined) => { caFile?: string };

function placeMiddleware({ forwardAuth, ...middleware }: ProxyMiddleware, place: PlaceAuthority) {
    if (forwardAuth === undefined) return middleware;
    const { caPem, ...others } = forwardAuth;
    const { name } = middleware;
    return {
        ...middleware,
        forwardAuth: { ...others, ...place(`middleware-ca-${name}`, `middleware-${name}-ca.pem`, caPem) },
    };
}

function placeTlsOptions({ clientCaPem, ...set }: ProxyTlsOptions, place: PlaceAuthority): PlacedTlsOptions {
    const { caFile } = place(`clients-ca-${set.name}`, `clients-${set.name}-ca.pem`, clientCaPem);
    return { ...set, ...(caFile === undefined ? {} : { clientCaFile: caFile }) };
}

function placeTracing({ caPem, ...tracing }: NonNullable<ProxySettings["tracing"]>, place: PlaceAuthority) {
    return { ...tracing, ...place("tracing-ca", "tracing-ca.pem", caPem) };
}

/** Lists that may be unknown as a whole. */
const LISTS = ["trustedProxies", "allowFrom"];

/** The same with a text in the place of everything that is not known yet; lists that are not known are empty. */
function withStandIns(value: unknown, key = ""): unknown {
    if (pulumi.Output.isInstance(value) || value instanceof Promise) return LISTS.includes(key) ? [] : "unknown";
    if (Array.isArray(value)) return value.map((element) => withStandIns(element));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withStandIns(inner, name)]));
}
