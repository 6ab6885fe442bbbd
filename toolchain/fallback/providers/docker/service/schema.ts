/** Properties of `docker.Service` (package schema of pulumi-docker 5.2 over terraform-provider-docker 4.5). */
import { type Fields, flag, integer, labels, listOf, map, object, setOf, text } from "../schema.ts";

const required = { required: true } as const;
const computed = { computed: true } as const;
const replaces = { replaces: true } as const;

/** The reference to a secret or config, a file in the container: `{kind}Id`, `{kind}Name` and the file's attributes. */
const fileReference = (kind: "secret" | "config") =>
    object({
        [`${kind}Id`]: text(required),
        [`${kind}Name`]: text(),
        fileName: text(required),
        fileUid: text({ default: "0" }),
        fileGid: text({ default: "0" }),
        fileMode: integer({ default: 0o444, minimum: 0 }),
    });

const healthcheck = object(
    {
        tests: listOf(text(), required),
        interval: text({ duration: true, default: "0s" }),
        timeout: text({ duration: true, default: "0s" }),
        startPeriod: text({ duration: true, default: "0s" }),
        retries: integer({ default: 0, minimum: 0 }),
    },
    computed,
);

const mount = object({
    target: text(required),
    source: text(),
    type: text({ required: true, oneOf: ["bind", "volume", "tmpfs"] }),
    readOnly: flag(),
    bindOptions: object({
        propagation: text({ oneOf: ["private", "rprivate", "shared", "rshared", "slave", "rslave"] }),
    }),
    volumeOptions: object({ noCopy: flag(), labels: labels(), driverName: text(), driverOptions: map() }),
    tmpfsOptions: object({ sizeBytes: integer(), mode: integer() }),
});

const containerSpec = object(
    {
        image: text(required),
        labels: labels(replaces),
        commands: listOf(text()),
        args: listOf(text()),
        hostname: text(),
        env: map(),
        dir: text(),
        user: text(),
        groups: listOf(text()),
        privileges: object({
            credentialSpec: object({ file: text(), registry: text() }),
            seLinuxContext: object({ disable: flag(), user: text(), role: text(), type: text(), level: text() }),
        }),
        readOnly: flag(),
        init: flag(),
        mounts: setOf(mount),
        stopSignal: text(),
        stopGracePeriod: text({ duration: true, computed: true }),
        healthcheck,
        hosts: setOf(object({ ip: text(required), host: text(required) }), replaces),
        dnsConfig: object(
            { nameservers: listOf(text(), required), searches: listOf(text()), options: listOf(text()) },
            computed,
        ),
        secrets: setOf(fileReference("secret")),
        configs: setOf(fileReference("config")),
        isolation: text({ default: "default", oneOf: ["default", "process", "hyperv"] }),
        sysctl: map(),
        capAdds: listOf(text()),
        capDrops: listOf(text()),
    },
    required,
);

const resources = object(
    {
        limits: object({ nanoCpus: integer({ minimum: 0 }), memoryBytes: integer({ minimum: 0 }) }),
        reservation: object({
            nanoCpus: integer({ minimum: 0 }),
            memoryBytes: integer({ minimum: 0 }),
            genericResources: object({
                namedResourcesSpecs: setOf(text()),
                discreteResourcesSpecs: setOf(text()),
            }),
        }),
    },
    computed,
);

const restartPolicy = object(
    {
        condition: text({ oneOf: ["none", "on-failure", "any"] }),
        delay: text({ duration: true }),
        maxAttempts: integer({ minimum: 0 }),
        window: text({ duration: true }),
    },
    computed,
);

const placement = object(
    {
        constraints: setOf(text()),
        prefs: setOf(text()),
        maxReplicas: integer({ minimum: 0 }),
        platforms: setOf(object({ architecture: text(required), os: text(required) })),
    },
    computed,
);

const taskSpec = object(
    {
        containerSpec,
        resources,
        restartPolicy,
        placement,
        forceUpdate: integer({ computed: true, minimum: 0 }),
        runtime: text({ computed: true, oneOf: ["container", "plugin"] }),
        networksAdvanceds: setOf(
            object({ name: text(), id: text(), aliases: setOf(text()), driverOpts: setOf(text()) }),
            replaces,
        ),
        logDriver: object({ name: text(required), options: map() }),
    },
    required,
);

const rollout = (failureActions: readonly string[]) =>
    object({
        parallelism: integer({ default: 1, minimum: 0 }),
        delay: text({ duration: true, default: "0s" }),
        failureAction: text({ default: "pause", oneOf: failureActions }),
        monitor: text({ duration: true, default: "5s" }),
        maxFailureRatio: text({ decimal: true, default: "0.0" }),
        order: text({ default: "stop-first", oneOf: ["stop-first", "start-first"] }),
    });

const port = object({
    name: text(),
    protocol: text({ default: "tcp", oneOf: ["tcp", "udp", "sctp"] }),
    targetPort: integer(required),
    publishedPort: integer(computed),
    publishMode: text({ default: "ingress", oneOf: ["host", "ingress"] }),
});

export const serviceFields: Fields = {
    name: text(replaces),
    labels: labels(computed),
    taskSpec,
    mode: object(
        {
            replicated: object({ replicas: integer({ default: 1, minimum: 0 }) }, computed),
            global: flag(replaces),
        },
        computed,
    ),
    updateConfig: rollout(["pause", "continue", "rollback"]),
    rollbackConfig: rollout(["pause", "continue"]),
    endpointSpec: object({ mode: text({ computed: true, oneOf: ["vip", "dnsrr"] }), ports: listOf(port) }, computed),
    auth: object({ serverAddress: text(required), username: text(), password: text() }, replaces),
    convergeConfig: object({
        delay: text({ duration: true, default: "7s" }),
        timeout: text({ duration: true, default: "3m" }),
    }),
};
