/** A container as the engine describes it, in the form of the provider's state. */
import type Docker from "dockerode";
import type { PropertyMap } from "../../../plugin/provider.ts";
import type { Healthcheck, Mount } from "../dockerSpec.ts";
import { fromMounts } from "../mounts.ts";
import { healthcheck } from "../service/fromDocker.ts";
import { numberOf, objectsOf, textOf } from "../values.ts";

const MEGABYTE = 1024 * 1024;

/**
 * @param inputs for what the engine does not tell apart from the image's own (`envs`, `labels`), what it describes
 * otherwise (`volumes`, networks) and what only the provider knows (`start`, `wait`, …).
 */
export function fromContainer(live: Docker.ContainerInspectInfo, inputs: PropertyMap): PropertyMap {
    const { Config: config, HostConfig: host, NetworkSettings: network, State: state } = live;
    const swap = host.MemorySwap ?? 0;
    return {
        ...inputs,
        name: live.Name.replace(/^\//, ""),
        image: config.Image,
        hostname: config.Hostname,
        domainname: config.Domainname,
        command: config.Cmd ?? [],
        entrypoints: asList(config.Entrypoint),
        user: config.User,
        workingDir: config.WorkingDir,
        tty: config.Tty,
        stdinOpen: config.OpenStdin,
        healthcheck: config.Healthcheck ? healthcheckOf(config.Healthcheck as Healthcheck) : null,
        init: host.Init ?? false,
        privileged: host.Privileged ?? false,
        readOnly: host.ReadonlyRootfs ?? false,
        rm: host.AutoRemove ?? false,
        publishAllPorts: host.PublishAllPorts ?? false,
        capabilities: capabilities(host),
        securityOpts: host.SecurityOpt ?? [],
        usernsMode: host.UsernsMode ?? "",
        pidMode: host.PidMode ?? "",
        ipcMode: host.IpcMode ?? "",
        sysctls: host.Sysctls ?? {},
        groupAdds: host.GroupAdd ?? [],
        restart: host.RestartPolicy?.Name || "no",
        maxRetryCount: host.RestartPolicy?.MaximumRetryCount ?? 0,
        memory: (host.Memory ?? 0) / MEGABYTE,
        memorySwap: swap > 0 ? swap / MEGABYTE : swap,
        shmSize: (host.ShmSize ?? 0) / MEGABYTE,
        cpuShares: host.CpuShares ?? 0,
        cpuSet: host.CpusetCpus ?? "",
        mounts: fromMounts(host.Mounts as Mount[] | undefined),
        tmpfs: host.Tmpfs ?? {},
        ports: ports(live, inputs),
        hosts: (host.ExtraHosts ?? []).map((line: string) => {
            const end = line.indexOf(":");
            return { host: line.slice(0, end), ip: line.slice(end + 1) };
        }),
        dns: host.Dns ?? [],
        dnsOpts: host.DnsOptions ?? [],
        dnsSearches: host.DnsSearch ?? [],
        logDriver: host.LogConfig?.Type ?? "",
        networkMode: inputs.networkMode ?? host.NetworkMode ?? "bridge",
        bridge: (network as { Bridge?: string }).Bridge ?? "",
        exitCode: state.Running ? null : state.ExitCode,
        containerLogs: null,
        networkDatas: Object.entries(network.Networks).map(([networkName, settings]) => ({
            gateway: settings.Gateway,
            globalIpv6Address: settings.GlobalIPv6Address,
            globalIpv6PrefixLength: settings.GlobalIPv6PrefixLen,
            ipAddress: settings.IPAddress,
            ipPrefixLength: settings.IPPrefixLen,
            ipv6Gateway: settings.IPv6Gateway,
            macAddress: settings.MacAddress,
            networkName,
        })),
    };
}

function asList(value: string | string[] | null | undefined): string[] {
    return typeof value === "string" ? [value] : (value ?? []);
}

function healthcheckOf(check: Healthcheck): PropertyMap {
    return { ...healthcheck(check), startInterval: "0s" };
}

/** The engine of API 1.41 writes every capability with `CAP_` before it; the official provider's state has the bare names. */
function capabilities(host: Docker.HostConfig): PropertyMap | null {
    const bare = (names: readonly string[] | null | undefined) =>
        (names ?? []).map((name) => name.replace(/^CAP_/, ""));
    const adds = bare(host.CapAdd);
    const drops = bare(host.CapDrop);
    return adds.length + drops.length > 0 ? { adds, drops } : null;
}

/** In the program's order, which the engine does not keep; those that it does not know come last. */
function ports(live: Docker.ContainerInspectInfo, inputs: PropertyMap): PropertyMap[] {
    const bindings = (live.HostConfig.PortBindings ?? {}) as Record<string, { HostIp?: string; HostPort?: string }[]>;
    const published = live.NetworkSettings.Ports ?? {};
    const found = Object.entries(bindings).flatMap(([key, hosts]) => {
        const [internal = "", protocol = "tcp"] = key.split("/");
        return hosts.map(({ HostIp, HostPort }, index) => ({
            external: Number(HostPort || published[key]?.[index]?.HostPort || 0),
            internal: Number(internal),
            ip: HostIp || "0.0.0.0",
            protocol,
        }));
    });
    const given = objectsOf(inputs.ports).map((port) => `${numberOf(port.internal)}/${textOf(port.protocol) || "tcp"}`);
    const rank = ({ internal, protocol }: { internal: number; protocol: string }) => {
        const index = given.indexOf(`${internal}/${protocol}`);
        return index < 0 ? given.length : index;
    };
    return found.sort((a, b) => rank(a) - rank(b));
}
