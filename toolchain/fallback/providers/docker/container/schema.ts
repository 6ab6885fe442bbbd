/**
 * Properties of `docker.Container` (package schema of pulumi-docker 5.2 over terraform-provider-docker 4.5). Left out are waiting for
 * the end of a container (`attach`, `logs`), GPUs, device requests and the limits of single devices.
 */
import { type Fields, flag, integer, labels, listOf, map, object, setOf, text } from "../schema.ts";

const required = { required: true } as const;
const replaces = { replaces: true } as const;
const filledIn = { replaces: true, computed: true } as const;

const mount = object({
    target: text(required),
    source: text(),
    type: text({ required: true, oneOf: ["bind", "volume", "tmpfs"] }),
    readOnly: flag(),
    bindOptions: object({
        propagation: text({ oneOf: ["private", "rprivate", "shared", "rshared", "slave", "rslave"] }),
    }),
    volumeOptions: object({
        noCopy: flag(),
        labels: labels(),
        driverName: text(),
        driverOptions: map(),
        subpath: text(),
    }),
    tmpfsOptions: object({ sizeBytes: integer(), mode: integer() }),
});

const port = object({
    internal: integer(required),
    external: integer({ computed: true }),
    ip: text({ default: "0.0.0.0" }),
    protocol: text({ default: "tcp" }),
});

const upload = object({
    file: text(required),
    content: text(),
    contentBase64: text({ base64: true }),
    source: text(),
    sourceHash: text(),
    executable: flag({ default: false }),
    permissions: text(),
    owner: text(),
    group: text(),
});

export const containerFields: Fields = {
    name: text(replaces),
    image: text({ required: true, replaces: true }),
    // What it runs.
    command: listOf(text(), filledIn),
    entrypoints: listOf(text(), filledIn),
    envs: setOf(text(), filledIn),
    workingDir: text(filledIn),
    user: text(filledIn),
    groupAdds: setOf(text(), replaces),
    hostname: text(filledIn),
    domainname: text(replaces),
    tty: flag({ replaces: true, default: false }),
    stdinOpen: flag({ replaces: true, default: false }),
    labels: labels(filledIn),
    healthcheck: object(
        {
            tests: listOf(text(), required),
            interval: text({ duration: true, default: "0s" }),
            timeout: text({ duration: true, default: "0s" }),
            startPeriod: text({ duration: true, default: "0s" }),
            startInterval: text({ duration: true, default: "0s" }),
            retries: integer({ default: 0, minimum: 0 }),
        },
        { computed: true },
    ),
    init: flag({ computed: true }),
    stopSignal: text(filledIn),
    stopTimeout: integer(filledIn),
    // What it may do.
    privileged: flag(replaces),
    readOnly: flag({ replaces: true, default: false }),
    capabilities: object({ adds: setOf(text()), drops: setOf(text()) }, replaces),
    securityOpts: setOf(text(), filledIn),
    usernsMode: text(replaces),
    pidMode: text(replaces),
    ipcMode: text(filledIn),
    cgroupnsMode: text(filledIn),
    cgroupParent: text(filledIn),
    runtime: text(filledIn),
    platform: text(filledIn),
    sysctls: map(replaces),
    ulimits: setOf(object({ name: text(required), soft: integer(required), hard: integer(required) }), replaces),
    devices: setOf(
        object({ hostPath: text(required), containerPath: text(), permissions: text({ default: "rwm" }) }),
        replaces,
    ),
    // What it gets.
    memory: integer({ minimum: 0 }),
    memoryReservation: integer({ minimum: 0 }),
    memorySwap: integer({ computed: true, minimum: -1 }),
    shmSize: integer({ ...filledIn, minimum: 0 }),
    cpuShares: integer({ minimum: 0 }),
    cpuSet: text(),
    cpuPeriod: integer({ minimum: 0 }),
    cpuQuota: integer({ minimum: 0 }),
    cpus: text(replaces),
    storageOpts: map(replaces),
    mounts: setOf(mount, replaces),
    volumes: setOf(
        object({
            containerPath: text(),
            fromContainer: text(),
            hostPath: text(),
            readOnly: flag(),
            selinuxRelabel: text({ oneOf: ["z", "Z"] }),
            volumeName: text(),
        }),
        replaces,
    ),
    tmpfs: map(),
    uploads: setOf(upload, replaces),
    // Whom it talks to.
    networkMode: text({ replaces: true, default: "bridge" }),
    networksAdvanced: setOf(
        object({
            name: text(required),
            aliases: setOf(text()),
            ipv4Address: text(),
            ipv6Address: text(),
            macAddress: text(),
            linkLocalIps: setOf(text()),
            driverOpts: setOf(text()),
        }),
        replaces,
    ),
    ports: listOf(port, replaces),
    publishAllPorts: flag(replaces),
    hosts: setOf(object({ ip: text(required), host: text(required) }), replaces),
    dns: setOf(text(), replaces),
    dnsOpts: setOf(text(), replaces),
    dnsSearches: setOf(text(), replaces),
    logDriver: text(filledIn),
    logOpts: map(replaces),
    // How it lives.
    restart: text({ default: "no", oneOf: ["no", "on-failure", "always", "unless-stopped"] }),
    maxRetryCount: integer({ minimum: 0 }),
    rm: flag({ default: false }),
    start: flag({ default: true }),
    mustRun: flag({ default: true }),
    wait: flag({ default: false }),
    waitTimeout: integer({ default: 60 }),
    containerReadRefreshTimeoutMilliseconds: integer({ default: 15_000 }),
    destroyGraceSeconds: integer(),
    removeVolumes: flag({ default: true }),
};
