/** A service's inputs as the engine wants them, with everything sent that the official provider sends. */
import { isObject, type PropertyMap, type Value } from "../../../plugin/provider.ts";
import type {
    ContainerSpec,
    EndpointSpec,
    GenericResource,
    Healthcheck,
    Privileges,
    ResourceRequirements,
    RolloutConfig,
    ServiceMode,
    ServiceSpec,
    TaskTemplate,
} from "../dockerSpec.ts";
import { toMounts } from "../mounts.ts";
import {
    assigned,
    assignments,
    durationOf,
    flagOf,
    labelsOf,
    mapOf,
    numberOf,
    objectOf,
    objectsOf,
    textOf,
    textsOf,
} from "../values.ts";

export function toServiceSpec(inputs: PropertyMap): ServiceSpec {
    return {
        Name: textOf(inputs.name),
        Labels: labelsOf(inputs.labels),
        TaskTemplate: taskTemplate(objectOf(inputs.taskSpec)),
        Mode: serviceMode(objectOf(inputs.mode)),
        ...(isObject(inputs.updateConfig) && { UpdateConfig: rollout(inputs.updateConfig) }),
        ...(isObject(inputs.rollbackConfig) && { RollbackConfig: rollout(inputs.rollbackConfig) }),
        EndpointSpec: endpointSpec(objectOf(inputs.endpointSpec)),
    };
}

function taskTemplate(task: PropertyMap): TaskTemplate {
    return {
        ContainerSpec: containerSpec(objectOf(task.containerSpec)),
        Resources: resources(objectOf(task.resources)),
        RestartPolicy: isObject(task.restartPolicy) ? restartPolicy(task.restartPolicy) : {},
        Placement: placement(objectOf(task.placement)),
        ForceUpdate: numberOf(task.forceUpdate),
        ...(task.runtime !== undefined && { Runtime: textOf(task.runtime) }),
        Networks: objectsOf(task.networksAdvanceds).map((network) => ({
            Target: textOf(network.id) || textOf(network.name),
            Aliases: textsOf(network.aliases),
            DriverOpts: assigned(textsOf(network.driverOpts)),
        })),
        ...(isObject(task.logDriver) && {
            LogDriver: { Name: textOf(task.logDriver.name), Options: mapOf(task.logDriver.options) },
        }),
    };
}

function containerSpec(container: PropertyMap): ContainerSpec {
    return {
        Image: textOf(container.image),
        Labels: labelsOf(container.labels),
        Command: textsOf(container.commands),
        Args: textsOf(container.args),
        Hostname: textOf(container.hostname),
        Env: assignments(mapOf(container.env)),
        Dir: textOf(container.dir),
        User: textOf(container.user),
        Groups: textsOf(container.groups),
        ...(isObject(container.privileges) && { Privileges: privileges(container.privileges) }),
        ReadOnly: flagOf(container.readOnly),
        Init: flagOf(container.init),
        Mounts: toMounts(container.mounts),
        StopSignal: textOf(container.stopSignal),
        // No grace where the program names none, as with the official provider: the engine's own 10 s do not apply.
        StopGracePeriod: durationOf(container.stopGracePeriod),
        Healthcheck: healthcheck(objectOf(container.healthcheck)),
        Hosts: objectsOf(container.hosts).map(({ ip, host }) => `${textOf(ip)} ${textOf(host)}`),
        DNSConfig: dnsConfig(objectOf(container.dnsConfig)),
        Secrets: objectsOf(container.secrets).map((secret) => ({
            SecretID: textOf(secret.secretId),
            SecretName: textOf(secret.secretName),
            File: fileTarget(secret),
        })),
        Configs: objectsOf(container.configs).map((config) => ({
            ConfigID: textOf(config.configId),
            ConfigName: textOf(config.configName),
            File: fileTarget(config),
        })),
        Isolation: textOf(container.isolation) || "default",
        Sysctls: mapOf(container.sysctl),
        CapabilityAdd: textsOf(container.capAdds),
        CapabilityDrop: textsOf(container.capDrops),
    };
}

function fileTarget(reference: PropertyMap) {
    return {
        Name: textOf(reference.fileName),
        UID: textOf(reference.fileUid) || "0",
        GID: textOf(reference.fileGid) || "0",
        Mode: reference.fileMode === undefined ? 0o444 : numberOf(reference.fileMode),
    };
}

function privileges({ credentialSpec, seLinuxContext }: PropertyMap): Privileges {
    return {
        ...(isObject(credentialSpec) && {
            CredentialSpec: { File: textOf(credentialSpec.file), Registry: textOf(credentialSpec.registry) },
        }),
        ...(isObject(seLinuxContext) && {
            SELinuxContext: {
                Disable: flagOf(seLinuxContext.disable),
                User: textOf(seLinuxContext.user),
                Role: textOf(seLinuxContext.role),
                Type: textOf(seLinuxContext.type),
                Level: textOf(seLinuxContext.level),
            },
        }),
    };
}

/** Empty for a program without one: the image's own health check then applies. */
export function healthcheck(check: PropertyMap): Healthcheck {
    return {
        Test: textsOf(check.tests),
        Interval: durationOf(check.interval),
        Timeout: durationOf(check.timeout),
        StartPeriod: durationOf(check.startPeriod),
        Retries: numberOf(check.retries),
    };
}

function dnsConfig(dns: PropertyMap) {
    return { Nameservers: textsOf(dns.nameservers), Search: textsOf(dns.searches), Options: textsOf(dns.options) };
}

function resources({ limits, reservation }: PropertyMap): ResourceRequirements {
    const amounts = (of: PropertyMap) => ({ NanoCPUs: numberOf(of.nanoCpus), MemoryBytes: numberOf(of.memoryBytes) });
    return {
        ...(isObject(limits) && { Limits: amounts(limits) }),
        ...(isObject(reservation) && {
            Reservations: { ...amounts(reservation), GenericResources: genericResources(reservation.genericResources) },
        }),
    };
}

function genericResources(value: Value | undefined): GenericResource[] {
    const { namedResourcesSpecs, discreteResourcesSpecs } = objectOf(value);
    const pairs = (list: Value | undefined) => Object.entries(assigned(textsOf(list)));
    return [
        ...pairs(namedResourcesSpecs).map(([Kind, Value]) => ({ NamedResourceSpec: { Kind, Value } })),
        ...pairs(discreteResourcesSpecs).map(([Kind, Value]) => ({
            DiscreteResourceSpec: { Kind, Value: Number(Value) },
        })),
    ];
}

function restartPolicy(policy: PropertyMap): NonNullable<TaskTemplate["RestartPolicy"]> {
    return {
        Condition: textOf(policy.condition),
        Delay: durationOf(policy.delay),
        MaxAttempts: numberOf(policy.maxAttempts),
        Window: durationOf(policy.window),
    };
}

function placement(rules: PropertyMap): NonNullable<TaskTemplate["Placement"]> {
    return {
        Constraints: textsOf(rules.constraints),
        Preferences: textsOf(rules.prefs).map((SpreadDescriptor) => ({ Spread: { SpreadDescriptor } })),
        Platforms: objectsOf(rules.platforms).map((platform) => ({
            Architecture: textOf(platform.architecture),
            OS: textOf(platform.os),
        })),
        MaxReplicas: numberOf(rules.maxReplicas),
    };
}

function serviceMode({ global, replicated }: PropertyMap): ServiceMode {
    if (flagOf(global)) return { Global: {} };
    if (!isObject(replicated)) return {};
    return { Replicated: { Replicas: replicated.replicas === undefined ? 1 : numberOf(replicated.replicas) } };
}

function rollout(config: PropertyMap): RolloutConfig {
    return {
        Parallelism: config.parallelism === undefined ? 1 : numberOf(config.parallelism),
        Delay: durationOf(config.delay),
        FailureAction: textOf(config.failureAction) || "pause",
        Monitor: durationOf(config.monitor ?? "5s"),
        MaxFailureRatio: Number(textOf(config.maxFailureRatio)),
        Order: textOf(config.order) || "stop-first",
    };
}

function endpointSpec({ mode, ports }: PropertyMap): EndpointSpec {
    return {
        ...(mode !== undefined && { Mode: textOf(mode) }),
        Ports: objectsOf(ports).map((port) => ({
            Name: textOf(port.name),
            Protocol: textOf(port.protocol) || "tcp",
            TargetPort: numberOf(port.targetPort),
            PublishedPort: numberOf(port.publishedPort),
            PublishMode: textOf(port.publishMode) || "ingress",
        })),
    };
}
