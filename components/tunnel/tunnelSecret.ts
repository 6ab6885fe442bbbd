import { getZeroTrustTunnelCloudflaredTokenOutput } from "@pulumi/cloudflare/getZeroTrustTunnelCloudflaredToken.js";
import * as pulumi from "@pulumi/pulumi";
import { credentialsFile } from "../internal/credentials.ts";
import { randomText } from "../internal/randomText.ts";
import { type RotationSchedule, rotationAt } from "../validation/index.ts";

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
    // Cloudflare asks for 32 bytes at least.
    const secret = randomText(`${name}-secret`, version, parent).apply((text) => Buffer.from(text).toString("base64"));
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
