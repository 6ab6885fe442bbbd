/** A service as the engine describes it, in the form in which the official provider keeps it in the state. */
import type { PropertyMap, Value } from "../../../plugin/provider.ts";
import type {
    ContainerSpec,
    FileTarget,
    GenericResource,
    Healthcheck,
    Placement,
    PortConfig,
    Privileges,
    ResourceRequirements,
    RolloutConfig,
    Service,
    ServiceMode,
    TaskTemplate,
} from "../dockerSpec.ts";
import { formatDuration } from "../duration.ts";
import { fromMounts } from "../mounts.ts";
import { assigned, assignments, labelPairs, listOrNull, objectOf, objectsOf, textOf } from "../values.ts";

/**
 * @param inputs what the program wrote; it decides between spellings of the same (an image with and without the digest that
 * was looked up for it) and keeps what the engine does not know (`auth`, `convergeConfig`).
 */
export function fromService(service: Service, inputs: PropertyMap): PropertyMap {
    const { Spec: spec, Endpoint: endpoint } = service;
    return {
        auth: inputs.auth ?? null,
        convergeConfig: inputs.convergeConfig ?? null,
        endpointSpec: {
            mode: endpoint?.Spec?.Mode || spec.EndpointSpec?.Mode || "vip",
            ports: (endpoint?.Ports ?? spec.EndpointSpec?.Ports ?? []).map(port),
        },
        labels: labelPairs(spec.Labels),
        mode: mode(spec.Mode),
        name: spec.Name,
        rollbackConfig: rollout(spec.RollbackConfig),
        taskSpec: taskSpec(spec.TaskTemplate, objectOf(inputs.taskSpec)),
        updateConfig: rollout(spec.UpdateConfig),
    };
}

function taskSpec(task: TaskTemplate, inputs: PropertyMap): PropertyMap {
    return {
        containerSpec: containerSpec(task.ContainerSpec, textOf(objectOf(inputs.containerSpec).image)),
        forceUpdate: task.ForceUpdate ?? 0,
        logDriver: task.LogDriver ? { name: task.LogDriver.Name, options: task.LogDriver.Options ?? {} } : null,
        networksAdvanceds: (task.Networks ?? []).map((network) => ({
            aliases: network.Aliases ?? [],
            driverOpts: assignments(network.DriverOpts ?? {}),
            id: network.Target,
            name: "",
        })),
        placement: placement(task.Placement ?? {}),
        resources: resources(task.Resources ?? {}),
        restartPolicy: restartPolicy(task.RestartPolicy ?? {}),
        runtime: task.Runtime || "container",
    };
}

/**
 * Networks that the program names by the deprecated `name` keep that form after a create or update, as in the official
 * provider's state; only a refresh finds the id in its place.
 */
export function keepNetworkNames(outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
    const named = objectsOf(objectOf(inputs.taskSpec).networksAdvanceds).flatMap(({ id, name }) =>
        id ? [] : textOf(name),
    );
    const taskSpec = objectOf(outputs.taskSpec);
    const networksAdvanceds = objectsOf(taskSpec.networksAdvanceds).map((network): PropertyMap => {
        const target = textOf(network.id);
        return named.includes(target) ? { ...network, id: "", name: target } : network;
    });
    return { ...outputs, taskSpec: { ...taskSpec, networksAdvanceds } };
}

function containerSpec(container: ContainerSpec, writtenImage: string): PropertyMap {
    return {
        args: listOrNull(container.Args),
        capAdds: listOrNull(container.CapabilityAdd),
        capDrops: listOrNull(container.CapabilityDrop),
        commands: listOrNull(container.Command),
        configs: (container.Configs ?? []).map((config) => ({
            configId: config.ConfigID,
            configName: config.ConfigName ?? "",
            ...fileTarget(config.File),
        })),
        dir: container.Dir ?? "",
        dnsConfig: {
            nameservers: listOrNull(container.DNSConfig?.Nameservers),
            options: listOrNull(container.DNSConfig?.Options),
            searches: listOrNull(container.DNSConfig?.Search),
        },
        env: mapOrNull(assigned(container.Env)),
        groups: listOrNull(container.Groups),
        healthcheck: container.Healthcheck ? healthcheck(container.Healthcheck) : null,
        hostname: container.Hostname ?? "",
        hosts: (container.Hosts ?? []).map((line) => {
            const [ip = "", host = ""] = line.split(" ");
            return { host, ip };
        }),
        image: imageAsWritten(container.Image, writtenImage),
        init: container.Init ?? false,
        isolation: container.Isolation || "default",
        labels: labelPairs(container.Labels),
        mounts: fromMounts(container.Mounts),
        privileges: container.Privileges ? privileges(container.Privileges) : null,
        readOnly: container.ReadOnly ?? false,
        secrets: (container.Secrets ?? []).map((secret) => ({
            ...fileTarget(secret.File),
            secretId: secret.SecretID,
            secretName: secret.SecretName ?? "",
        })),
        stopGracePeriod: formatDuration(container.StopGracePeriod ?? 0),
        stopSignal: container.StopSignal ?? "",
        sysctl: mapOrNull(container.Sysctls ?? {}),
        user: container.User ?? "",
    };
}

/** `nginx:1.27` for `nginx:1.27@sha256:…` where the program wrote the tag alone: the digest is this provider's, not drift. */
function imageAsWritten(live: string, written: string): string {
    return written !== "" && live.startsWith(`${written}@sha256:`) ? written : live;
}

function fileTarget({ Name, UID, GID, Mode }: FileTarget): PropertyMap {
    return { fileGid: GID || "0", fileMode: Mode, fileName: Name, fileUid: UID || "0" };
}

function mapOrNull(map: Record<string, string>): Value {
    return Object.keys(map).length > 0 ? map : null;
}

export function healthcheck(check: Healthcheck): PropertyMap {
    return {
        interval: formatDuration(check.Interval ?? 0),
        retries: check.Retries ?? 0,
        startPeriod: formatDuration(check.StartPeriod ?? 0),
        tests: check.Test ?? [],
        timeout: formatDuration(check.Timeout ?? 0),
    };
}

function privileges({ CredentialSpec: credentials, SELinuxContext: seLinux }: Privileges): PropertyMap {
    return {
        credentialSpec: credentials ? { file: credentials.File ?? "", registry: credentials.Registry ?? "" } : null,
        seLinuxContext: seLinux
            ? {
                  disable: seLinux.Disable ?? false,
                  level: seLinux.Level ?? "",
                  role: seLinux.Role ?? "",
                  type: seLinux.Type ?? "",
                  user: seLinux.User ?? "",
              }
            : null,
    };
}

function placement(rules: Placement): PropertyMap {
    return {
        constraints: rules.Constraints ?? [],
        maxReplicas: rules.MaxReplicas ?? 0,
        platforms: (rules.Platforms ?? []).map(({ Architecture = "", OS = "" }) => ({
            architecture: Architecture,
            os: OS,
        })),
        prefs: (rules.Preferences ?? []).flatMap(({ Spread }) => Spread?.SpreadDescriptor ?? []),
    };
}

function resources({ Limits: limits, Reservations: reserved }: ResourceRequirements): PropertyMap {
    return {
        limits: limits ? { memoryBytes: limits.MemoryBytes ?? 0, nanoCpus: limits.NanoCPUs ?? 0 } : null,
        reservation: reserved
            ? {
                  genericResources: genericResources(reserved.GenericResources ?? []),
                  memoryBytes: reserved.MemoryBytes ?? 0,
                  nanoCpus: reserved.NanoCPUs ?? 0,
              }
            : null,
    };
}

function genericResources(generic: readonly GenericResource[]): Value {
    if (generic.length === 0) return null;
    const line = (spec?: { Kind: string; Value: string | number }) => (spec ? [`${spec.Kind}=${spec.Value}`] : []);
    return {
        discreteResourcesSpecs: generic.flatMap(({ DiscreteResourceSpec }) => line(DiscreteResourceSpec)),
        namedResourcesSpecs: generic.flatMap(({ NamedResourceSpec }) => line(NamedResourceSpec)),
    };
}

function restartPolicy(policy: NonNullable<TaskTemplate["RestartPolicy"]>): PropertyMap {
    return {
        condition: policy.Condition || "any",
        delay: policy.Delay === undefined ? "" : formatDuration(policy.Delay),
        maxAttempts: policy.MaxAttempts ?? 0,
        window: policy.Window === undefined ? "" : formatDuration(policy.Window),
    };
}

function mode(live: ServiceMode | undefined): PropertyMap {
    const replicas = live?.Replicated ? { replicas: live.Replicated.Replicas ?? 1 } : null;
    return { global: live?.Global !== undefined, replicated: replicas };
}

function rollout(config: RolloutConfig | undefined): Value {
    if (config === undefined) return null;
    return {
        delay: formatDuration(config.Delay ?? 0),
        failureAction: config.FailureAction || "pause",
        maxFailureRatio: ratio(config.MaxFailureRatio ?? 0),
        monitor: formatDuration(config.Monitor ?? 0),
        order: config.Order || "stop-first",
        parallelism: config.Parallelism,
    };
}

/** With one decimal at least, as the official provider writes it. */
function ratio(value: number): string {
    return Number.isInteger(value * 10) ? value.toFixed(1) : String(value);
}

function port(config: PortConfig): PropertyMap {
    return {
        name: config.Name ?? "",
        protocol: config.Protocol || "tcp",
        publishMode: config.PublishMode || "ingress",
        publishedPort: config.PublishedPort ?? 0,
        targetPort: config.TargetPort,
    };
}
