import { blankProblem, hostnameProblem, textProblem } from "../../components/validation/index.ts";
import { clusterIssues } from "./clusters.ts";
import { ConfigError, type ConfigIssue } from "./configError.ts";
import { deviceProfileIssues } from "./deviceProfiles.ts";
import { readEmulatorFile } from "./emulatorFile.ts";
import { DEMO_APP, type Environment } from "./environment.ts";
import { federationIssues } from "./federation/issues.ts";
import { clearSecretIssues, identityIssues } from "./identity/references.ts";
import { describeIssues, pathOf } from "./issues.ts";
import { LOCAL_STACK } from "./localStack.ts";
import { isLoopback } from "./loopback.ts";
import { metricsIssues } from "./metrics.ts";
import { privateNetworkIssues } from "./privateNetworks.ts";
import { knownKeys, type StackFile, stackFile } from "./schema.ts";
import { withSharedRotation } from "./sharedRotation.ts";
import { swarmIssues } from "./swarm.ts";
import { tcpIssues } from "./tcp.ts";
import { undeclaredAudience } from "./undeclared.ts";

/** Where the paths of a stack file's values start, and what may stand there. */
const ROOT = { path: "sallyport:", keys: knownKeys, owner: "Sallyport" };

export interface RawStack {
    /** Name of the stack, for example `staging`. */
    stack: string;
    /** The file that holds the values, for messages. */
    file: string;
    /** Values of the `sallyport:` namespace by key, as YAML gives them. */
    values: Record<string, unknown>;
    /** Base URL of the Cloudflare API that the surroundings ask for (environment or `cloudflare:baseUrl`), if any. */
    ambientBaseUrl?: string;
    /** Folder that relative paths in the stack file start from. */
    projectDir: string;
    /** Whether the engine says that client secrets are encrypted in the stack file; omitted means that the values show it. */
    secretsAreEncrypted?: boolean;
    /** Whether the emulator's file is read; false checks a stack file before the emulator runs. True where omitted. */
    readEmulator?: boolean;
}

/**
 * Checks a stack's configuration and gives it types.
 *
 * @throws ConfigError with every mistake at once, each with the path of its value.
 */
export function parseEnvironment(raw: RawStack): Environment {
    const parsed = stackFile.safeParse(raw.values, { reportInput: true });
    if (!parsed.success) {
        throw mistakesIn(raw, [
            ...describeIssues(parsed.error.issues, ROOT),
            ...hostnameIssues(raw.values),
            ...secretIssues(raw),
        ]);
    }
    const values = parsed.data;
    const issues = [
        ...crossChecks(values),
        ...identityIssues(values),
        ...secretIssues(raw),
        ...seamIssues(raw, values),
    ];
    const mistakes = mistakesIn(raw, issues);
    if (mistakes.issues.length > 0) {
        throw mistakes;
    }
    return toEnvironment(raw, withSharedRotation(values));
}

/** A secret in clear is told even where another value is already wrong. */
function secretIssues({ values, secretsAreEncrypted = false }: RawStack): ConfigIssue[] {
    return secretsAreEncrypted ? [] : clearSecretIssues(values);
}

/** All that is wrong. Of a text that nobody can read, that alone; of a blank one, what its key says of it. */
function mistakesIn({ file, values }: RawStack, issues: readonly ConfigIssue[]): ConfigError {
    const besides = (told: readonly ConfigIssue[], more: readonly ConfigIssue[]) => {
        const paths = new Set(told.map(({ path }) => path));
        return [...told, ...more.filter(({ path }) => !paths.has(path))];
    };
    return new ConfigError(
        file,
        besides(besides(textIssues(textProblem, values), issues), textIssues(blankProblem, values)),
    );
}

/** What is wrong with texts wherever they stand. */
function textIssues(
    problemOf: (text: string) => string | undefined,
    value: unknown,
    path: PropertyKey[] = [],
): ConfigIssue[] {
    if (typeof value === "string") {
        const reason = problemOf(value);
        return reason === undefined ? [] : [{ path: pathOf(path, ROOT.path), reason }];
    }
    if (typeof value !== "object" || value === null) return [];
    const members: [PropertyKey, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    return members.flatMap(([key, member]) => textIssues(problemOf, member, [...path, key]));
}

/** Host names are judged even where another value is already wrong, so that one run shows every mistake. */
function hostnameIssues(values: Record<string, unknown>): ConfigIssue[] {
    const zone =
        typeof values.zone === "string" && hostnameProblem(values.zone) === undefined ? values.zone : undefined;
    const apps = Array.isArray(values.apps) ? values.apps : [];
    return apps.flatMap((app: unknown, index) => {
        const hostname = (app as { hostname?: unknown } | null)?.hostname;
        if (typeof hostname !== "string") {
            return [];
        }
        const reason = hostnameProblem(hostname, zone === undefined ? {} : { zone });
        return reason === undefined ? [] : [{ path: `sallyport:apps[${index}].hostname`, reason }];
    });
}

function crossChecks(values: StackFile): ConfigIssue[] {
    const issues = hostnameIssues(values);
    const names = new Map<string, number>();
    const places = new Map<string, number>();
    values.apps.forEach((app, index) => {
        const path = `sallyport:apps[${index}]`;
        const sameName = names.get(app.name);
        if (sameName !== undefined) {
            issues.push({
                path: `${path}.name`,
                reason: `"${app.name}" is already the name of apps[${sameName}]. Write another name.`,
            });
        }
        names.set(app.name, sameName ?? index);
        const place = `${app.hostname}${app.path ?? ""}`;
        const samePlace = places.get(place);
        if (samePlace !== undefined) {
            const reason = `"${place}" is already served by apps[${samePlace}] ("${values.apps[samePlace]?.name}"). Write another hostname, or a path.`;
            issues.push({ path: `${path}.hostname`, reason });
        }
        places.set(place, samePlace ?? index);
        issues.push(...tcpIssues(app).map((issue) => ({ ...issue, path: `${path}.${issue.path}` })));
        app.audience.forEach((name, position) => {
            if (!(name in values.audiences)) {
                const reason = undeclaredAudience(name, Object.keys(values.audiences));
                issues.push({ path: `${path}.audience[${position}]`, reason });
            }
        });
    });
    const declared = new Map(Object.entries(values.audiences).map(([name, one]) => [name, { name, ...one }]));
    const { swarm, zone, apps, clusters } = values;
    const surroundings = { zone, apps, clusters, audiences: [...declared.values()] };
    const labels = swarm === undefined ? [] : swarmIssues(swarm, surroundings);
    issues.push(
        ...labels.map(({ path, reason }) => ({ path: `sallyport:swarm${path}`, reason })),
        ...privateNetworkIssues(values.privateNetworks, declared).map(({ path, reason }) => ({
            path: `sallyport:privateNetworks${path}`,
            reason,
        })),
        ...clusterIssues(clusters, {
            zone,
            taken: new Map(apps.map(({ hostname }, index) => [hostname, `apps[${index}]`])),
            audiences: declared,
        }).map(({ path, reason }) => ({ path: `sallyport:clusters${path}`, reason })),
        ...(values.federation === undefined
            ? []
            : federationIssues(values.federation, {
                  zone,
                  taken: new Map(apps.map(({ hostname }, index) => [hostname, `apps[${index}]`])),
              })
        ).map(({ path, reason }) => ({ path: `sallyport:federation${path}`, reason })),
        ...metricsIssues(values.metrics, apps),
        ...deviceProfileIssues(values.deviceProfiles).map(({ path, reason }) => ({
            path: `sallyport:deviceProfiles${path}`,
            reason,
        })),
    );
    const used = new Set(Object.values(values.audiences).flatMap(({ serviceTokens }) => serviceTokens));
    for (const name of Object.keys(values.serviceTokens)) {
        if (!used.has(name)) {
            const reason =
                "No audience names this service token, so it would open nothing. Name it in an audience's serviceTokens or remove it.";
            issues.push({ path: `sallyport:serviceTokens.${name}`, reason });
        }
    }
    return issues;
}

/** The emulator and the real API must never be mistaken for each other. */
function seamIssues({ stack, ambientBaseUrl }: RawStack, values: StackFile): ConfigIssue[] {
    const issues: ConfigIssue[] = [];
    if (stack === LOCAL_STACK) {
        if (values.emulator === undefined) {
            const reason = `The stack "${LOCAL_STACK}" never talks to the real API. Write the path of the emulator's file, ".sallyport/local/emulator.json".`;
            issues.push({ path: "sallyport:emulator", reason });
        }
        if (values.demo && !values.apps.some(({ name }) => name === DEMO_APP)) {
            const reason = `No app is named "${DEMO_APP}", so nothing would lead to the demo service. Declare that app in sallyport:apps or remove the key.`;
            issues.push({ path: "sallyport:demo", reason });
        }
        if (values.clusters.length > 0) {
            const reason = `No cluster reaches the emulated edge, which listens on this machine alone. Move the clusters to another stack than "${LOCAL_STACK}".`;
            issues.push({ path: "sallyport:clusters", reason });
        }
        if (ambientBaseUrl !== undefined && !isLoopback(ambientBaseUrl)) {
            const reason = `"${ambientBaseUrl}" is not the emulator on loopback. Remove it, or use another stack than "${LOCAL_STACK}".`;
            issues.push({ path: "CLOUDFLARE_BASE_URL", reason });
        }
        return issues;
    }
    if (values.emulator !== undefined) {
        issues.push({
            path: "sallyport:emulator",
            reason: `The emulator belongs to the stack "${LOCAL_STACK}" alone. Remove the key from "${stack}".`,
        });
    }
    if (values.demo) {
        issues.push({
            path: "sallyport:demo",
            reason: `The demo service runs in the stack "${LOCAL_STACK}" alone. Remove the key from "${stack}".`,
        });
    }
    if (ambientBaseUrl !== undefined) {
        const reason = `"${ambientBaseUrl}" would send the stack "${stack}" somewhere else than Cloudflare. Unset it: \`sallyport local env\` sets it for the stack "${LOCAL_STACK}" alone.`;
        issues.push({ path: "CLOUDFLARE_BASE_URL", reason });
    }
    return issues;
}

function toEnvironment(raw: RawStack, values: StackFile): Environment {
    const { accountId, zone, zoneId, team, organization, apps, swarm, privateNetworks } = values;
    const { connector, proxy, metrics, dockerHost, demo } = values;
    const audiences = named(values.audiences);
    const tokens = [...new Set(audiences.flatMap(({ serviceTokens }) => serviceTokens))].sort();
    const emulator =
        values.emulator === undefined || raw.readEmulator === false
            ? undefined
            : readEmulatorFile(raw, values.emulator);
    return {
        stack: raw.stack,
        accountId,
        zone: zoneId === undefined ? { name: zone } : { name: zone, id: zoneId },
        team,
        audiences,
        serviceTokens: tokens.map((name) => ({ name, ...values.serviceTokens[name] })),
        identityProviders: named(values.identityProviders),
        posture: named(values.posture),
        clientCertificates: named(values.clientCertificates),
        ...(organization === undefined ? {} : { organization }),
        apps,
        ...(swarm === undefined ? {} : { swarm }),
        privateNetworks,
        deviceProfiles: named(values.deviceProfiles),
        tunnel: { ...values.tunnel, name: values.tunnel.name ?? `sallyport-${raw.stack}` },
        ...(values.rotation === undefined ? {} : { rotation: values.rotation }),
        ca: values.ca,
        clusters: values.clusters,
        ...(values.federation === undefined ? {} : { federation: values.federation }),
        clusterSources: values.clusterSources,
        connector,
        proxy,
        ...(metrics === undefined ? {} : { metrics }),
        ...(dockerHost === undefined ? {} : { dockerHost }),
        ...(emulator === undefined ? {} : { emulator }),
        demo,
    };
}

/** The entries of a map as a list, each with its key as its name. */
function named<T>(entries: Record<string, T>): (T & { name: string })[] {
    return Object.entries(entries).map(([name, entry]) => ({ ...entry, name }));
}
