import ipaddr from "ipaddr.js";
import { portProblem } from "./services.ts";

/** Connectors of one tunnel that Cloudflare admits (cloudflare-one/account-limits). */
export const MAX_REPLICAS = 25;

const DOCKER_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** Docker admits 63 characters for a service and 64 for a secret; suffixes of ours and the provider's hash take 24 of them. */
const MAX_NAME_LENGTH = 40;

const IMAGE = /^[a-z0-9][a-z0-9._/:-]*?(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

/** Says what is wrong with the name of a component that makes Docker objects, which are named after it, or nothing. */
export function dockerNameProblem(name: string): string | undefined {
    const quoted = JSON.stringify(name);
    if (!DOCKER_NAME.test(name)) return `${quoted} is no name for Docker. Write letters, digits and inner . _ - only.`;
    if (name.length > MAX_NAME_LENGTH)
        return `${quoted} has ${name.length} characters. Write at most ${MAX_NAME_LENGTH}.`;
    return undefined;
}

/** Says what is wrong with a number of replicas, or nothing. */
export function replicasProblem(replicas: number): string | undefined {
    const fits = Number.isInteger(replicas) && replicas >= 1 && replicas <= MAX_REPLICAS;
    return fits
        ? undefined
        : `${replicas} is not a number of replicas. Write a whole number between 1 and ${MAX_REPLICAS}.`;
}

/** Says what is wrong with a reference to an image, or nothing. It must be pinned: a tag that moves changes what runs without a preview. */
export function imageProblem(image: string): string | undefined {
    const quoted = JSON.stringify(image);
    const match = IMAGE.exec(image);
    if (match === null) return `${quoted} is not an image. Write a reference such as "traefik:v3.6.15".`;
    const [, tag, digest] = match;
    if (digest !== undefined) return undefined;
    if (tag === undefined) return `${quoted} has no version. Write a tag or a digest, such as "traefik:v3.6.15".`;
    if (tag === ":latest") return `${quoted} moves by itself. Write a version or a digest, such as "traefik:v3.6.15".`;
    return undefined;
}

/** Says what is wrong with a placement constraint of Swarm, or nothing. */
export function constraintProblem(constraint: string): string | undefined {
    if (/^(node|engine)\.[A-Za-z0-9._-]+\s*(==|!=)\s*\S+$/.test(constraint)) return undefined;
    return `${JSON.stringify(constraint)} is not a constraint. Write one such as "node.role==worker".`;
}

/** Says what is wrong with the address of an edge (`host:port`), or nothing. */
export function edgeAddressProblem(address: string): string | undefined {
    if (isHostAndPort(address)) return undefined;
    return `${JSON.stringify(address)} is not an edge address. Write host and port, such as "198.41.192.7:7844".`;
}

/** Says what is wrong with the address of an HTTP proxy (`host:port`), or nothing. */
export function proxyAddressProblem(address: string): string | undefined {
    if (isHostAndPort(address)) return undefined;
    return `${JSON.stringify(address)} is not the address of a proxy. Write host and port without a scheme, such as "10.0.0.5:3128".`;
}

function isHostAndPort(address: string): boolean {
    const match = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?):([^:]*)$/.exec(address);
    return match !== null && portProblem(match[3] ?? "") === undefined;
}

/** Says what is wrong with an IP address, or nothing. */
export function ipAddressProblem(address: string): string | undefined {
    if (ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address)) return undefined;
    return `${JSON.stringify(address)} is not an IP address. Write one such as "10.0.0.5".`;
}

/** Says what is wrong with a list of overlay networks, or nothing. */
export function networkIdsProblem(networkIds: readonly unknown[]): string | undefined {
    return networkIds.length === 0 ? "is empty. Give the ids of the overlay networks to join." : undefined;
}

/** Says what is wrong with a value that must be one of a few, or nothing. Programs in plain JavaScript and YAML need it. */
export function memberProblem(value: string, members: readonly string[]): string | undefined {
    return members.includes(value)
        ? undefined
        : `${JSON.stringify(value)} is unknown. Write one of ${members.join(", ")}.`;
}
