import { getZeroTrustTunnelCloudflaredTokenOutput } from "@pulumi/cloudflare/getZeroTrustTunnelCloudflaredToken.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { credentialsFile } from "../internal/credentials.ts";
import { type RotationSchedule, rotationAt } from "../validation/index.ts";

/** 64 letters and digits are 381 bits; Cloudflare's own minimum for a tunnel's secret is 32 bytes. */
const SECRET_LENGTH = 64;

interface SecretArgs {
    accountId: pulumi.Input<string>;
    rotation?: RotationSchedule;
    secretVersion?: number;
}

/** A tunnel's secret that is made here, for one version of it. */
export interface OwnSecret {
    secret: pulumi.Output<string>;
    /** The text of cloudflared's credentials file. */
    credentialsOf(tunnelId: pulumi.Output<string>): pulumi.Output<string>;
    /** When the next version is due; undefined without a schedule. */
    rotatesAt: string | undefined;
}

/** Makes the secret of a tunnel; another version is another secret. */
export function ownSecret(name: string, args: SecretArgs, parent: pulumi.Resource): OwnSecret {
    const rotation = args.rotation === undefined ? undefined : rotationAt(args.rotation, new Date());
    const version = rotation?.version ?? args.secretVersion ?? 1;
    // Not RandomBytes: the provider takes the bytes for the resource's id, and ids stand in the state in clear.
    const random = new RandomPassword(
        `${name}-secret`,
        {
            length: SECRET_LENGTH,
            special: false,
            // A first version without keepers is the same as before versions were counted.
            ...(version === 1 ? {} : { keepers: { version: String(version) } }),
        },
        { parent },
    );
    const secret = pulumi.secret(random.result).apply((text) => Buffer.from(text).toString("base64"));
    return {
        secret,
        rotatesAt: rotation?.nextAt,
        credentialsOf: (id) =>
            pulumi.secret(
                pulumi
                    .all([args.accountId, id, secret])
                    .apply(([accountId, tunnelId, tunnelSecret]) =>
                        credentialsFile({ accountId, tunnelId, tunnelSecret }),
                    ),
            ),
    };
}

/** The credentials of a tunnel whose secret was made elsewhere, from the token that the API gives to whoever may edit it. */
export function adoptedCredentials(
    accountId: pulumi.Input<string>,
    tunnelId: pulumi.Output<string>,
    parent: pulumi.Resource,
): pulumi.Output<string> {
    const { token } = getZeroTrustTunnelCloudflaredTokenOutput({ accountId, tunnelId }, { parent });
    return pulumi.secret(token).apply((encoded) => {
        // Account, tunnel and secret, base64 of JSON (cloudflared, `connection/connection.go`).
        const { a, t, s } = JSON.parse(Buffer.from(encoded, "base64").toString("utf8"));
        return credentialsFile({ accountId: a, tunnelId: t, tunnelSecret: s });
    });
}
