import { carriedFiles } from "../../carriedFiles.ts";
import { containerLaunch, type Launch, serviceLaunch } from "../../containers.ts";
import { describe, hostnameOf, knownIngressRules } from "../../ingress.ts";
import type { Finding, Resource, ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, isOn } from "../../values.ts";

const REMEDY =
    "Trust the CA instead: `caPool` and `originServerName` in the connector's `originRequest`, `rootCAs` and `serverName` in Traefik's serversTransport. MkcertCA makes one.";

/** Whoever can answer in the origin's place reads and changes everything, if nobody looks at the certificate. */
export const tunnelChecksCertificates: ResourceRule = {
    name: "tunnel-checks-origin-certificates",
    description: "A tunnel's connector verifies the certificates of its origins.",
    severity: "high",
    remediationSteps: REMEDY,
    type: Token.tunnelConfig,
    judge: judgeTunnel,
};

/** As for a tunnel, in a file of Traefik's or cloudflared's that a Swarm config carries. */
export const serviceConfigChecksCertificates: ResourceRule = {
    name: "service-config-checks-certificates",
    description: "A proxy's or connector's file verifies the certificates of what it forwards to.",
    severity: "high",
    remediationSteps: REMEDY,
    type: Token.serviceConfig,
    judge: judgeFiles,
};

/** As for a tunnel, in the options, labels and variables of cloudflared, Traefik and Node programs. */
export const serviceChecksCertificates: ResourceRule = {
    name: "service-checks-certificates",
    description: "No setting of a Swarm service switches certificate checks off.",
    severity: "high",
    remediationSteps: REMEDY,
    type: Token.service,
    judge: (service) => judgeLaunch(serviceLaunch(service)),
};

/** As for a service. */
export const containerChecksCertificates: ResourceRule = {
    name: "container-checks-certificates",
    description: "No setting of a container switches certificate checks off.",
    severity: "high",
    remediationSteps: REMEDY,
    type: Token.container,
    judge: (container) => [...judgeLaunch(containerLaunch(container)), ...judgeFiles(container)],
};

const CONNECTOR_INSTEAD = "Remove it and set `caPool` and `originServerName`.";
const PROXY_INSTEAD = "Remove it and set `rootCAs` and `serverName` on the serversTransport.";

/**
 * The setting in a file of Traefik's, in YAML, TOML or JSON alike: names are case-insensitive there, and a comment is
 * no setting. Looked for as text, so that a file that does not parse, or is half a template, is not let through.
 */
const SKIPS_IN_FILE = /^[^#\n]*\binsecureSkipVerify["']?\s*[:=]\s*["']?(true|yes|on|1)\b/im;
/** The same in a file of cloudflared's, YAML or JSON. */
const CONNECTOR_SKIPS_IN_FILE = /^[^#\n]*\bnoTLSVerify["']?\s*:\s*["']?(true|yes|on)\b/im;
const FILE_SWITCHES = [
    { name: "insecureSkipVerify", pattern: SKIPS_IN_FILE, instead: PROXY_INSTEAD },
    { name: "noTLSVerify", pattern: CONNECTOR_SKIPS_IN_FILE, instead: CONNECTOR_INSTEAD },
] as const;
/** The same as an option, a label or a variable of Traefik's. */
const SKIPS_IN_NAME = /(^|[._])insecureSkipVerify$/i;
/** Switches of cloudflared and of Node programs that do the same. */
const CONNECTOR_VARIABLES: ReadonlySet<string> = new Set(["NO_TLS_VERIFY", "TUNNEL_NO_TLS_VERIFY"]);
const SKIPS_IN_OPTION = /(^|\s)(--no-tls-verify|--[a-z0-9.[\]]*insecureSkipVerify)(=(true|t|1))?(\s|$)/i;

function judgeTunnel(resource: Resource): Finding[] {
    const findings: Finding[] = [];
    if (isOn(at(resource.props, "config", "originRequest", "noTlsVerify"))) {
        findings.push({
            wrong: `Tunnel configuration '${resource.name}' sets 'originRequest.noTlsVerify' to true for all its rules.`,
            instead: CONNECTOR_INSTEAD,
        });
    }
    for (const rule of knownIngressRules(resource)) {
        if (!isOn(at(rule.originRequest, "noTlsVerify"))) continue;
        findings.push({
            wrong: `${describe(resource, rule)} sets 'originRequest.noTlsVerify' to true.`,
            instead: CONNECTOR_INSTEAD,
            ...hostnameOf(rule),
        });
    }
    return findings;
}

function judgeFiles(resource: Resource): Finding[] {
    return carriedFiles(resource).flatMap(({ subject, text }) => {
        const skipping = FILE_SWITCHES.filter(({ pattern }) => pattern.test(text));
        return skipping.map(({ name, instead }) => ({ wrong: `${subject} sets '${name}' to true.`, instead }));
    });
}

function judgeLaunch({ subject, environment, labels, commandLines }: Launch): Finding[] {
    const settings = [...environment, ...labels].flatMap(({ property, name, value }) => {
        const off = name === "NODE_TLS_REJECT_UNAUTHORIZED" ? value === "0" : switchesOff(name) && isTruthy(value);
        if (!off) return [];
        return [
            {
                wrong: `${subject} switches certificate checks off with '${name}' in \`${property}\`.`,
                instead: cure(name),
            },
        ];
    });
    const options = commandLines.flatMap(({ property, words }) =>
        words.flatMap((word) => {
            const option = typeof word === "string" ? SKIPS_IN_OPTION.exec(word)?.[2] : undefined;
            if (option === undefined) return [];
            return [
                {
                    wrong: `${subject} switches certificate checks off with '${option}' in \`${property}\`.`,
                    instead: cure(option),
                },
            ];
        }),
    );
    return [...settings, ...options];
}

function switchesOff(name: string): boolean {
    return CONNECTOR_VARIABLES.has(name) || SKIPS_IN_NAME.test(name);
}

function isTruthy(value: unknown): boolean {
    return typeof value === "string" && /^(true|t|1|yes|on)$/i.test(value);
}

function cure(name: string): string {
    if (name === "NODE_TLS_REJECT_UNAUTHORIZED") return "Remove it and name the CA in NODE_EXTRA_CA_CERTS.";
    return SKIPS_IN_NAME.test(name) ? PROXY_INSTEAD : CONNECTOR_INSTEAD;
}
