import type { CloudflareEmulator } from "../../../emulator/index.ts";

interface Rule {
    hostname?: string;
    originRequest?: { access?: { required?: boolean; audTag?: string[] } };
}

/**
 * The published names that lead to a tunnel and lack a guard at this moment: an application with policies before the name, and for rules that
 * Cloudflare keeps a demand for that application's token.
 */
export function unguardedNames(emulator: CloudflareEmulator): string[] {
    const applications = emulator.access.applications().filter(({ policies }) => policies.length > 0);
    return publishedNames(emulator).flatMap(({ name, tunnelId }) => {
        const guards = applications.filter(({ hostnames }) => hostnames.includes(name)).map(({ aud }) => aud);
        if (guards.length === 0) return [`${name} has no application`];
        if (!emulator.directory.isRemotelyManaged(tunnelId)) return [];
        const { ingress = [] } = (emulator.directory.configuration(tunnelId)?.config ?? {}) as { ingress?: Rule[] };
        const rules = ingress.filter(({ hostname }) => hostname === name);
        const isDemanding = ({ originRequest }: Rule) =>
            originRequest?.access?.required === true &&
            originRequest.access.audTag?.every((aud) => guards.includes(aud)) === true;
        return rules.every(isDemanding) ? [] : [`${name} has a rule that demands no token of its application`];
    });
}

/** Every record that leads to a tunnel. */
export function publishedNames(emulator: CloudflareEmulator): { name: string; tunnelId: string }[] {
    const { contents } = emulator.snapshot();
    return Object.values(contents).flatMap(({ dnsRecords = [] }) =>
        dnsRecords.flatMap((record) => {
            const { name, content } = record as unknown as { name: string; content: string };
            const [, tunnelId] = /^(.+)\.cfargotunnel\.com$/.exec(content) ?? [];
            return tunnelId === undefined ? [] : [{ name, tunnelId }];
        }),
    );
}
