import { randomBytes } from "node:crypto";
import ipaddr from "ipaddr.js";
import {
    durationProblem,
    durationSeconds,
    emailDomainProblem,
    emailProblem,
    hostnameProblem,
} from "../../stacks/config/values.ts";
import type { Mistakes } from "../mistakes.ts";

/** Longer than a day is no sharing any more; that is an app of a stack. */
const LIMITS = { min: "1m", max: "24h" };

/** What is shared with whom, checked. */
export interface ShareRequest {
    /** The web application on this machine or its network. */
    readonly origin: URL;
    readonly emails: readonly string[];
    /** Everybody with an address there may enter. */
    readonly emailDomains: readonly string[];
    /** In Go's form. */
    readonly duration: string;
    readonly seconds: number;
    readonly hostname: string;
}

export interface ShareArguments {
    readonly url: string;
    readonly with: readonly string[];
    readonly for: string;
    /** First label of the hostname; a random one where omitted. */
    readonly name?: string | undefined;
    /** Zone that the hostname lies in. */
    readonly zone: string;
}

/** Reads what was typed. What is returned counts only where there are no mistakes. */
export function shareRequest(args: ShareArguments, mistakes: Mistakes): ShareRequest {
    const origin = URL.canParse(args.url) ? new URL(args.url) : undefined;
    mistakes.add(
        "URL",
        origin === undefined
            ? `"${args.url}" is not a URL; write such as http://localhost:3000`
            : originProblem(origin),
    );
    const domains = args.with.filter((person) => person.startsWith("@")).map((person) => person.slice(1).toLowerCase());
    const emails = args.with.filter((person) => !person.startsWith("@")).map((person) => person.toLowerCase());
    for (const email of emails) {
        mistakes.add("--with", emailProblem(email));
    }
    for (const domain of domains) {
        mistakes.add("--with", emailDomainProblem(domain));
    }
    if (args.with.length === 0) {
        mistakes.add("--with", "nobody is named, and nobody could enter; write an e-mail address, or @ and a domain");
    }
    const tooLongOrShort = durationProblem(args.for, LIMITS);
    mistakes.add("--for", tooLongOrShort);
    const name = args.name ?? `share-${randomBytes(4).toString("hex")}`;
    const hostname = `${name}.${args.zone}`;
    mistakes.add(
        "--name",
        name.includes(".")
            ? `"${name}" has a dot; write one label, which goes before .${args.zone}`
            : hostnameProblem(hostname, { zone: args.zone, wildcard: false }),
    );
    return {
        origin: origin ?? new URL("http://localhost"),
        emails: [...new Set(emails)],
        emailDomains: [...new Set(domains)],
        duration: args.for,
        seconds: tooLongOrShort === undefined ? durationSeconds(args.for) : 0,
        hostname,
    };
}

/** Only what is on this machine or in its own network is one's own to share; link-local addresses hold the credentials of clouds. */
function originProblem({ protocol, hostname, host, pathname, search, username }: URL): string | undefined {
    if (protocol !== "http:" && protocol !== "https:") {
        return `"${protocol.slice(0, -1)}" is not shared; write a URL that starts with http:// or https://`;
    }
    if (pathname !== "/" || search !== "" || username !== "") {
        return `a whole site is shared; write ${protocol}//${host} without path, query or user`;
    }
    if (hostname === "localhost" || hostname.endsWith(".localhost")) {
        return undefined;
    }
    const bare = withoutBrackets(hostname);
    if (!ipaddr.isValid(bare)) {
        return `"${hostname}" may be anywhere; write localhost, or a loopback or private address`;
    }
    const range = ipaddr.process(bare).range();
    return ["loopback", "private", "uniqueLocal"].includes(range)
        ? undefined
        : `"${bare}" is neither on this machine nor in a private network; write such as http://localhost:3000`;
}

/** An IPv6 address as everything but a URL writes it; other hosts as they are. */
export function withoutBrackets(hostname: string): string {
    return hostname.replace(/^\[|\]$/g, "");
}
