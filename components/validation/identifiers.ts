const HEX_32 = /^[0-9a-f]{32}$/;
/** A UUID in any case. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const TEAM = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Says what is wrong with the id of a Cloudflare account, or nothing. */
export function accountIdProblem(id: string): string | undefined {
    return HEX_32.test(id) ? undefined : hexReason(id, "an account id", "the account's overview page");
}

/** Says what is wrong with the id of a DNS zone, or nothing. */
export function zoneIdProblem(id: string): string | undefined {
    return HEX_32.test(id) ? undefined : hexReason(id, "a zone id", "the zone's overview page");
}

/** Says what is wrong with the id of a tunnel, or nothing. */
export function tunnelIdProblem(id: string): string | undefined {
    return UUID.test(id)
        ? undefined
        : `${JSON.stringify(id)} is not a tunnel id. Write its UUID, or give a tunnel's "tunnelId".`;
}

/** Says what is wrong with the id of anything else that Cloudflare names by UUID, or nothing. */
export function uuidProblem(id: string): string | undefined {
    return UUID.test(id) ? undefined : `${JSON.stringify(id)} is not a UUID. Write the id that the API shows.`;
}

/**
 * Says what is wrong with the name of a tunnel, or nothing.
 *
 * A name that looks like a UUID is refused by cloudflared, which takes either on its command line (`cfapi/tunnel.go`).
 */
export function tunnelNameProblem(name: string): string | undefined {
    if (name.trim() === "") return 'is empty. Write a name such as "staging".';
    if (name !== name.trim())
        return `${JSON.stringify(name)} has a space at its edge. Write ${JSON.stringify(name.trim())}.`;
    if (UUID.test(name)) return `${JSON.stringify(name)} looks like a tunnel id. Write a name such as "staging".`;
    return undefined;
}

/** Says what is wrong with an Access team (the first label of `<team>.cloudflareaccess.com`), or nothing. */
export function teamProblem(team: string): string | undefined {
    const quoted = JSON.stringify(team);
    const full = /^(?:https?:\/\/)?([^./]+)\.cloudflareaccess\.com\/?$/i.exec(team)?.[1];
    if (full !== undefined)
        return `${quoted} is the whole team domain. Write its first label: ${JSON.stringify(full.toLowerCase())}.`;
    if (TEAM.test(team)) return undefined;
    return `${quoted} is not a team name. Write the first label of the team domain, such as "example" for example.cloudflareaccess.com.`;
}

/** Says what is wrong with a name that Cloudflare only displays (application, policy, service token), or nothing. */
export function displayNameProblem(name: string): string | undefined {
    if (name.trim() === "") return 'is empty. Write a name such as "Grafana".';
    if (name.length > 350) return `has ${name.length} characters. Write at most 350.`;
    return undefined;
}

function hexReason(id: string, what: string, where: string): string {
    return `${JSON.stringify(id)} is not ${what}. Write the 32 hexadecimal digits that ${where} shows.`;
}
