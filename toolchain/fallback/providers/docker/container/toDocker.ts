/** A container's inputs as the engine wants them. */
import type Docker from "dockerode";
import { isObject, type PropertyMap, type Value } from "../../../plugin/provider.ts";
import { toMounts } from "../mounts.ts";
import { healthcheck } from "../service/toDocker.ts";
import {
    assigned,
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

/** The official provider counts memory in megabytes. */
const MEGABYTE = 1024 * 1024;

export function toContainer(inputs: PropertyMap): Docker.ContainerCreateOptions {
    const { exposed } = portsOf(inputs.ports);
    return {
        name: textOf(inputs.name),
        Image: textOf(inputs.image),
        Hostname: textOf(inputs.hostname),
        Domainname: textOf(inputs.domainname),
        Tty: flagOf(inputs.tty),
        OpenStdin: flagOf(inputs.stdinOpen),
        Env: textsOf(inputs.envs),
        Labels: labelsOf(inputs.labels),
        User: textOf(inputs.user),
        WorkingDir: textOf(inputs.workingDir),
        ExposedPorts: exposed,
        ...(inputs.platform !== undefined && { platform: textOf(inputs.platform) }),
        ...(inputs.command !== undefined && { Cmd: textsOf(inputs.command) }),
        ...(inputs.entrypoints !== undefined && { Entrypoint: textsOf(inputs.entrypoints) }),
        ...(inputs.stopSignal !== undefined && { StopSignal: textOf(inputs.stopSignal) }),
        ...(inputs.stopTimeout !== undefined && { StopTimeout: numberOf(inputs.stopTimeout) }),
        ...(isObject(inputs.healthcheck) && {
            Healthcheck: {
                ...healthcheck(inputs.healthcheck),
                // Engines before API 1.44 refuse the name, whatever its value.
                ...(durationOf(inputs.healthcheck.startInterval) > 0 && {
                    StartInterval: durationOf(inputs.healthcheck.startInterval),
                }),
            },
        }),
        HostConfig: hostConfig(inputs),
    } as Docker.ContainerCreateOptions;
}

function hostConfig(inputs: PropertyMap): Docker.HostConfig {
    const capabilities = objectOf(inputs.capabilities);
    const { binds, from } = volumesOf(inputs.volumes);
    const config = {
        ...limits(inputs),
        AutoRemove: flagOf(inputs.rm),
        Privileged: flagOf(inputs.privileged),
        PublishAllPorts: flagOf(inputs.publishAllPorts),
        ReadonlyRootfs: flagOf(inputs.readOnly),
        Mounts: toMounts(inputs.mounts),
        Binds: binds,
        VolumesFrom: from,
        Tmpfs: mapOf(inputs.tmpfs),
        PortBindings: portsOf(inputs.ports).bindings,
        ExtraHosts: objectsOf(inputs.hosts).map(({ ip, host }) => `${textOf(host)}:${textOf(ip)}`),
        Dns: textsOf(inputs.dns),
        DnsOptions: textsOf(inputs.dnsOpts),
        DnsSearch: textsOf(inputs.dnsSearches),
        NetworkMode: textOf(inputs.networkMode) || "bridge",
        CapAdd: textsOf(capabilities.adds),
        CapDrop: textsOf(capabilities.drops),
        GroupAdd: textsOf(inputs.groupAdds),
        SecurityOpt: textsOf(inputs.securityOpts),
        Sysctls: mapOf(inputs.sysctls),
        StorageOpt: mapOf(inputs.storageOpts),
        Init: flagOf(inputs.init),
        LogConfig: { Type: textOf(inputs.logDriver), Config: mapOf(inputs.logOpts) },
        Ulimits: objectsOf(inputs.ulimits).map(({ name, soft, hard }) => ({
            Name: textOf(name),
            Soft: numberOf(soft),
            Hard: numberOf(hard),
        })),
        Devices: objectsOf(inputs.devices).map((device) => ({
            PathOnHost: textOf(device.hostPath),
            PathInContainer: textOf(device.containerPath) || textOf(device.hostPath),
            CgroupPermissions: textOf(device.permissions) || "rwm",
        })),
        UsernsMode: textOf(inputs.usernsMode),
        PidMode: textOf(inputs.pidMode),
        IpcMode: textOf(inputs.ipcMode),
        CgroupnsMode: textOf(inputs.cgroupnsMode),
        CgroupParent: textOf(inputs.cgroupParent),
        Runtime: textOf(inputs.runtime),
        ShmSize: numberOf(inputs.shmSize) * MEGABYTE,
        NanoCpus: Math.round(Number(textOf(inputs.cpus) || "0") * 1e9),
    };
    return config as unknown as Docker.HostConfig;
}

/** The limits that a running container takes too. */
export function limits(inputs: PropertyMap) {
    const swap = numberOf(inputs.memorySwap);
    return {
        RestartPolicy: { Name: textOf(inputs.restart) || "no", MaximumRetryCount: numberOf(inputs.maxRetryCount) },
        CpuShares: numberOf(inputs.cpuShares),
        CpusetCpus: textOf(inputs.cpuSet),
        CpuPeriod: numberOf(inputs.cpuPeriod),
        CpuQuota: numberOf(inputs.cpuQuota),
        Memory: numberOf(inputs.memory) * MEGABYTE,
        MemoryReservation: numberOf(inputs.memoryReservation) * MEGABYTE,
        // -1 is "no limit", not a size.
        MemorySwap: swap > 0 ? swap * MEGABYTE : swap,
    };
}

/**
 * How the container is connected to one of its networks, after it was made: the engine of API 1.43 and before takes one network
 * with a new container.
 */
export function endpoint(network: PropertyMap): Docker.EndpointSettings {
    const settings = {
        Aliases: textsOf(network.aliases),
        DriverOpts: assigned(textsOf(network.driverOpts)),
        MacAddress: textOf(network.macAddress),
        IPAMConfig: {
            IPv4Address: textOf(network.ipv4Address),
            IPv6Address: textOf(network.ipv6Address),
            LinkLocalIPs: textsOf(network.linkLocalIps),
        },
    };
    return settings as unknown as Docker.EndpointSettings;
}

function portsOf(value: Value | undefined) {
    const exposed: Record<string, Record<string, never>> = {};
    const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
    for (const port of objectsOf(value)) {
        const key = `${numberOf(port.internal)}/${textOf(port.protocol) || "tcp"}`;
        exposed[key] = {};
        const HostPort = port.external === undefined ? "" : String(numberOf(port.external));
        bindings[key] = [...(bindings[key] ?? []), { HostIp: textOf(port.ip), HostPort }];
    }
    return { exposed, bindings };
}

function volumesOf(value: Value | undefined): { binds: string[]; from: string[] } {
    const volumes = objectsOf(value);
    return {
        from: volumes.flatMap(({ fromContainer }) => (fromContainer ? textOf(fromContainer) : [])),
        binds: volumes.flatMap((volume) => {
            const source = textOf(volume.volumeName) || textOf(volume.hostPath);
            if (source === "" || volume.fromContainer) return [];
            const options = [flagOf(volume.readOnly) ? "ro" : "rw", textOf(volume.selinuxRelabel)].filter(Boolean);
            return `${source}:${textOf(volume.containerPath)}:${options.join(",")}`;
        }),
    };
}
