import { getZeroTrustTunnelCloudflareds } from "@pulumi/cloudflare/getZeroTrustTunnelCloudflareds.js";
import type * as pulumi from "@pulumi/pulumi";
import { Problems } from "../internal/problems.ts";
import { accountIdProblem, tunnelIdProblem, tunnelNameProblem } from "../validation/index.ts";

/** The tunnel that is looked for: by its name or by its id. */
export interface FindTunnelArgs {
    /** Account that owns the tunnel: 32 hexadecimal digits. */
    accountId: string;
    /** Name in the dashboard. */
    name?: string;
    /** UUID. */
    id?: string;
}

/**
 * The id of a tunnel that exists, to adopt it with {@link NamedTunnel}. The engine needs it before the program goes on, so this is awaited.
 *
 * @throws pulumi.InputPropertiesError where the arguments are wrong.
 * @throws Error where the account has no such tunnel, or it was deleted.
 */
export async function findTunnelId(args: FindTunnelArgs, opts?: pulumi.InvokeOptions): Promise<string> {
    const { accountId, name, id } = args;
    const problems = new Problems();
    problems.check("accountId", accountId, accountIdProblem);
    problems.check("name", name, tunnelNameProblem);
    problems.check("id", id, tunnelIdProblem);
    if ((name === undefined) === (id === undefined)) {
        problems.add(
            "name",
            `${name === undefined ? "is missing" : 'stands beside "id"'}. Give a name or an id, one of the two.`,
        );
    }
    problems.throwIfAny("findTunnelId", name ?? id ?? "");
    const wanted = name === undefined ? { uuid: id } : { name };
    const { results } = await getZeroTrustTunnelCloudflareds({ accountId, isDeleted: false, ...wanted }, opts);
    const [found] = results;
    if (found === undefined) {
        throw new Error(
            `Account ${accountId} has no tunnel ${JSON.stringify(name ?? id)}. Check the account and the ${name === undefined ? "id" : "name"} under Networks, Tunnels in its dashboard, ` +
                "and that the API token may read tunnels there.",
        );
    }
    return found.id;
}
