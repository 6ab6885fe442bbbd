import ipaddr from "ipaddr.js";
import type { Problem, Problems } from "../../internal/problems.ts";
import {
    contains,
    ipRangeProblem,
    memberProblem,
    portProblem,
    privateRangeProblem,
    versionProblem,
} from "../../validation/index.ts";
import { federationNodes } from "../federation/intentions.ts";
import { federationNameProblem } from "../federation/names.ts";
import { federationProblems } from "../federation/problems.ts";
import type { WireGuardMeshArgs } from "../wireGuardMesh.ts";
import { addressProblems, defaultIpv6Range } from "./addresses.ts";
import { WireGuardForm } from "./forms.ts";
import { publicKeyProblem } from "./keys.ts";
import { meetingProblems, planMesh } from "./topology.ts";

/** What Linux takes as an interface's name (`IFNAMSIZ`), less what would have to be quoted. */
const INTERFACE = /^[a-z][a-z0-9-]{0,14}$/;
/** Least that IPv6 admits (RFC 8200, 5), and what is left of a jumbo frame. */
const MTU = { min: 1280, max: 8920 };
const KEEPALIVE = { min: 1, max: 65_535 };
/** Of addresses: enough for a handful of nodes without a clash, and no more than there is in private. */
const IPV4_PREFIX = { min: 8, max: 24 };

/** 256 bits in base64 are longer. */
const SHORTEST_SECRET = 32;

/** Records every mistake in a mesh's arguments. */
export function checkMesh(name: string, args: WireGuardMeshArgs, problems: Problems): void {
    const { federation, ipv4Range, ipv6Range, interfaceName } = args;
    problems.add("name", federationNameProblem(name));
    problems.add("interfaceName", interfaceName === undefined ? undefined : interfaceProblem(interfaceName));
    problems.add("listenPort", args.listenPort === undefined ? undefined : portProblem(args.listenPort));
    problems.add("mtu", between(args.mtu, MTU, "a size of packets"));
    problems.add("keepaliveSeconds", between(args.keepaliveSeconds, KEEPALIVE, "a number of seconds"));
    problems.check("form", args.form, (form) => memberProblem(form, Object.values(WireGuardForm)));
    const six = ipv6Range === undefined ? undefined : ipv6RangeProblem(ipv6Range);
    const four = ipv4Range === undefined ? undefined : ipv4RangeProblem(ipv4Range);
    problems.add("ipv6Range", six);
    problems.add("ipv4Range", four);

    const own = federationProblems(federation);
    problems.addAll(own);
    if (own.length > 0) return;
    problems.addAll(meetingProblems(federation));
    problems.addAll(nodeProblems(args));
    if (six !== undefined || four !== undefined) return;
    const ranges = { ipv6: ipv6Range ?? defaultIpv6Range(federation.name), ...(ipv4Range && { ipv4: ipv4Range }) };
    problems.addAll(addressProblems(federationNodes(federation), ranges, args.ipv4Addresses));
}

/** Mistakes in what is said of single nodes and sites. */
function nodeProblems(args: WireGuardMeshArgs): Problem[] {
    const { federation, site, keyVersions = {}, publicKeys = {}, siteSecrets = {} } = args;
    const nodes = new Map(federationNodes(federation).map((node) => [node.name, node]));
    const sites = new Set(federation.sites.map(({ name }) => name));
    const problems: Problem[] = [];
    const add = (path: string, reason: string | undefined) => reason !== undefined && problems.push({ path, reason });
    const isOwn = (name: string) => site === undefined || nodes.get(name)?.site === site;

    add("site", site === undefined ? undefined : memberProblem(site, [...sites]));
    for (const [name, version] of Object.entries(keyVersions)) {
        const path = `keyVersions.${name}`;
        add(
            path,
            isOwn(name) && nodes.has(name) ? versionProblem(version) : "is not a node that is set up here. Remove it.",
        );
    }
    for (const [name, key] of Object.entries(publicKeys)) {
        const path = `publicKeys.${name}`;
        if (!nodes.has(name)) add(path, "is not a node of the federation. Remove it.");
        else if (isOwn(name)) add(path, "is set up here, so its key is made here. Remove it.");
        else add(path, typeof key === "string" ? publicKeyProblem(key) : undefined);
    }
    for (const [name, secret] of Object.entries(siteSecrets)) {
        const path = `siteSecrets.${name}`;
        if (!sites.has(name)) add(path, "is not a site of the federation. Remove it.");
        else if (site === undefined)
            add(
                path,
                'is set up here like all others, so nobody has to agree on a secret. Remove it, or write "site".',
            );
        else if (name === site) add(path, "is the site itself. Remove it.");
        else add(path, typeof secret === "string" ? secretProblem(secret) : undefined);
    }
    if (site === undefined || !sites.has(site)) return problems;
    const strangers = [...planMesh(federation).values()]
        .filter(({ node }) => node.site === site)
        .flatMap(({ peers }) => [...peers.keys()])
        .filter((peer) => !isOwn(peer) && publicKeys[peer] === undefined);
    for (const peer of new Set(strangers)) {
        add(
            `publicKeys.${peer}`,
            `is missing. Write the public key that the owner of ${JSON.stringify(nodes.get(peer)?.site)} gives you.`,
        );
    }
    return problems;
}

/** The text itself is never quoted. */
function secretProblem(secret: string): string | undefined {
    if (secret.trim().length >= SHORTEST_SECRET) return undefined;
    return `has fewer than ${SHORTEST_SECRET} characters. Write a random text, such as "openssl rand -base64 48" prints.`;
}

function interfaceProblem(name: string): string | undefined {
    if (INTERFACE.test(name)) return undefined;
    return `${JSON.stringify(name)} is no name for an interface. Write 1 to 15 lower-case letters, digits and "-", a letter first.`;
}

function between(
    value: number | undefined,
    { min, max }: { min: number; max: number },
    what: string,
): string | undefined {
    const fits = value === undefined || (Number.isInteger(value) && value >= min && value <= max);
    return fits ? undefined : `${value} is not ${what}. Write a whole number between ${min} and ${max}.`;
}

function ipv6RangeProblem(range: string): string | undefined {
    const problem = ipRangeProblem(range);
    if (problem !== undefined) return problem;
    const fits = range.endsWith("/64") && range.includes(":") && contains("fd00::/8", range);
    return fits
        ? undefined
        : `${JSON.stringify(range)} is not a /64 of unique local addresses (RFC 4193). Write one such as "fd12:3456:789a:1::/64".`;
}

function ipv4RangeProblem(range: string): string | undefined {
    const problem = privateRangeProblem(range);
    if (problem !== undefined) return problem;
    const quoted = JSON.stringify(range);
    if (range.includes(":")) return `${quoted} is IPv6. Write an IPv4 range such as "10.64.0.0/12".`;
    const [, prefix] = ipaddr.parseCIDR(range.includes("/") ? range : `${range}/32`);
    if (prefix >= IPV4_PREFIX.min && prefix <= IPV4_PREFIX.max) return undefined;
    return `${quoted} has the prefix ${prefix}. Write one between ${IPV4_PREFIX.min} and ${IPV4_PREFIX.max}, such as "10.64.0.0/12".`;
}
