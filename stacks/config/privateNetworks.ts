import { z } from "zod";
import { overlappingRanges, privateNetworkProblems } from "../../components/validation/index.ts";
import type { ConfigIssue } from "./configError.ts";
import type { AudienceConfig } from "./environment.ts";
import { undeclaredAudience } from "./undeclared.ts";

/** Who may enter a private network: an audience of the stack, all of it or a part. */
export interface GrantConfig {
    audience: string;
    /** Ranges inside the network's; omitted means all of them. */
    networks?: string[];
    /** TCP and UDP ports; omitted means all. */
    ports?: number[];
}

/** A network behind the stack's tunnel, for devices with Cloudflare's client. */
export interface PrivateNetworkConfig {
    name: string;
    /** Private ranges in CIDR form. */
    networks?: string[];
    /** Private host names that the connector resolves. */
    hostnames?: string[];
    /** Whether it has a virtual network of its own; omitted means the account's default one. */
    ownVirtualNetwork?: boolean;
    grants: GrantConfig[];
}

/** The same as zod checks it; what belongs together is checked by {@link privateNetworkIssues}. */
export const privateNetworks = z
    .array(
        z.strictObject({
            name: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, {
                error: 'is not a name. Write 1 to 40 lower-case letters, digits and "-", such as "office".',
            }),
            networks: z.array(z.string()).optional(),
            hostnames: z.array(z.string()).optional(),
            ownVirtualNetwork: z.boolean().optional(),
            grants: z.array(
                z.strictObject({
                    audience: z.string(),
                    networks: z.array(z.string()).optional(),
                    ports: z.array(z.number()).optional(),
                }),
                { error: "A private network needs grants. Write a list of audiences with what each reaches." },
            ),
        }),
    )
    .default([]);

/** What Gateway can ask of a device and its person. An audience that asks more would let in too many. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
    "name",
    "emails",
    "emailDomains",
    "ipRanges",
    "countries",
    "sessionDuration",
    // Machines with a service token pass Access; they have no device, so leaving them out narrows.
    "serviceTokens",
]);

/** Whom a grant is for, in the words of the component. */
export function granteesOf(audience: AudienceConfig) {
    const { emails = [], emailDomains = [], ipRanges = [], countries = [] } = audience;
    return {
        ...(emails.length === 0 ? {} : { emails }),
        ...(emailDomains.length === 0 ? {} : { emailDomains }),
        ...(ipRanges.length === 0 ? {} : { fromRanges: ipRanges }),
        ...(countries.length === 0 ? {} : { fromCountries: countries }),
    };
}

/** Every mistake in the private networks of a stack, by path below them: `[0].grants[1].audience`. */
export function privateNetworkIssues(
    networks: readonly PrivateNetworkConfig[],
    audiences: ReadonlyMap<string, AudienceConfig>,
): ConfigIssue[] {
    const names = networks.map(({ name }) => name);
    return [
        ...networks.flatMap((network, index) => {
            const first = names.indexOf(network.name);
            const taken = `"${network.name}" is already the name of privateNetworks[${first}]. Write another name.`;
            return [
                ...(first === index ? [] : [{ path: "name", reason: taken }]),
                ...problemsOf(network, audiences),
                ...network.grants.flatMap((grant, position) =>
                    audienceIssues(grant.audience, audiences).map((reason) => ({
                        path: `grants[${position}].audience`,
                        reason,
                    })),
                ),
            ].map(({ path, reason }) => ({ path: `[${index}].${path}`, reason }));
        }),
        ...overlapIssues(networks),
    ];
}

/** The component's own sentences, where they are not about an audience, which is judged at its name. */
function problemsOf(
    { networks, hostnames, grants }: PrivateNetworkConfig,
    audiences: ReadonlyMap<string, AudienceConfig>,
): ConfigIssue[] {
    const described = grants.map(({ audience, ...reached }) => {
        const known = audiences.get(audience);
        return {
            name: audience,
            ...(known === undefined ? { emailDomains: ["example.com"] } : granteesOf(known)),
            ...reached,
        };
    });
    return privateNetworkProblems({ networks, hostnames, grants: described })
        .filter(({ path }) => !/^grants\[\d+\](\.(emails|emailDomains|from).*)?$/.test(path))
        .map(({ path, reason }) => ({ path: path.replace(/^(grants\[\d+\])\.name$/, "$1.audience"), reason }));
}

function audienceIssues(name: string, audiences: ReadonlyMap<string, AudienceConfig>): string[] {
    const audience = audiences.get(name);
    if (audience === undefined) {
        return [undeclaredAudience(name, audiences.keys())];
    }
    const strange = Object.entries(audience)
        .filter(([key, value]) => !UNDERSTOOD.has(key) && !isNothing(value))
        .map(([key]) => key);
    if (strange.length > 0) {
        return [
            `"${name}" asks for ${strange.join(" and ")}, which Gateway cannot ask of a device. Name an audience without.`,
        ];
    }
    const isPeople = (audience.emails ?? []).length + (audience.emailDomains ?? []).length > 0;
    return isPeople
        ? []
        : [`"${name}" names no people, and a private network is for people's devices. Name another audience.`];
}

/** Within one virtual network an address leads to one place. */
function overlapIssues(networks: readonly PrivateNetworkConfig[]): ConfigIssue[] {
    const shared = networks.flatMap(({ networks: ranges = [], ownVirtualNetwork }, index) =>
        ownVirtualNetwork ? [] : ranges.map((range, position) => ({ range, index, position })),
    );
    return overlappingRanges(shared.map(({ range }) => range)).flatMap(({ index, first }) => {
        const [one, other] = [shared[index], shared[first]];
        if (one === undefined || other === undefined || one.index === other.index) return [];
        const reason = `"${one.range}" overlaps "${other.range}" of privateNetworks[${other.index}]. Write each address once, or set ownVirtualNetwork.`;
        return [{ path: `[${one.index}].networks[${one.position}]`, reason }];
    });
}

/** An empty map asks for something where it stands (`justification: {}`); an empty list asks for nothing. */
/** An empty map is something: `justification: {}` asks for one. */
function isNothing(value: unknown): boolean {
    return value === undefined || value === false || (Array.isArray(value) && value.length === 0);
}
