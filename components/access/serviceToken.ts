import { ZeroTrustAccessServiceToken } from "@pulumi/cloudflare/zeroTrustAccessServiceToken.js";
import * as pulumi from "@pulumi/pulumi";
import { checkRotation } from "../internal/checkRotation.ts";
import { checkShape } from "../internal/shape.ts";
import {
    accountIdProblem,
    displayNameProblem,
    durationProblem,
    momentProblem,
    type RotationSchedule,
    rotationAt,
    versionProblem,
} from "../validation/index.ts";

export interface ServiceTokenArgs {
    /** Account that owns the token: 32 hexadecimal digits. */
    accountId: pulumi.Input<string>;
    /** Name in the dashboard. The component's name if omitted. */
    tokenName?: pulumi.Input<string>;
    /** How long the token is good, in Go's form; at least one hour. One year (`8760h`) if omitted. A token without an end is not offered. */
    duration?: pulumi.Input<string>;
    /** When the secret is replaced by the calendar. Only by hand, with `secretVersion`, if omitted. */
    rotation?: RotationSchedule;
    /** Version of the secret: a higher one replaces it. 1 if omitted; not beside `rotation`. */
    secretVersion?: number;
    /** Until when the secret before `secretVersion` is good, in RFC 3339. It ends at once if omitted; not beside `rotation`. */
    previousSecretExpiresAt?: string;
}

/**
 * Lets a machine through Access: a client id and a secret that it sends as the headers `CF-Access-Client-Id` and
 * `CF-Access-Client-Secret`.
 *
 * A token alone opens nothing; an {@link AccessAudience} that lists its id does:
 *
 * @example
 * const ci = new ServiceToken("ci", { accountId, duration: "2160h" });
 * const robots = new AccessAudience("robots", { accountId, serviceTokenIds: [ci.tokenId] });
 *
 * A declared schedule replaces the secret in the first deployment of each period, in place: id, policies and client id stay, and the
 * secret before stays good for the overlap. What is made from `clientSecret`, such as a Swarm secret and the service that reads it,
 * is renewed in the same deployment. A deployment that comes later than boundary and overlap leaves no overlap, so run one at least
 * that often. Rotation does not lengthen the token's life, which `duration` sets:
 *
 * @example
 * new ServiceToken("ci", { accountId, rotation: { since: "2027-01-01", every: "720h", overlap: "48h" } });
 */
export class ServiceToken extends pulumi.ComponentResource {
    /** UUID of the token, for an audience. */
    public readonly tokenId: pulumi.Output<string>;
    /** What the machine sends as `CF-Access-Client-Id`. */
    public readonly clientId: pulumi.Output<string>;
    /** Secret: what the machine sends as `CF-Access-Client-Secret`. Cloudflare tells it once a version. */
    public readonly clientSecret: pulumi.Output<string>;
    /** Version of the secret. */
    public readonly secretVersion: pulumi.Output<number>;
    /** When the token ends, whatever its secret, in RFC 3339. */
    public readonly expiresAt: pulumi.Output<string>;
    /** When the next secret is due, in RFC 3339; empty without a schedule. */
    public readonly rotatesAt: pulumi.Output<string>;

    /**
     * @param name Name of the component, and of the token where `tokenName` is omitted.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: ServiceTokenArgs, opts?: pulumi.ComponentResourceOptions) {
        checkArgs(name, args);
        super("sallyport:index:ServiceToken", name, args, opts);

        const rotation = args.rotation === undefined ? undefined : rotationAt(args.rotation, new Date());
        const clientSecretVersion = rotation?.version ?? args.secretVersion;
        const previousClientSecretExpiresAt = rotation?.previousExpiresAt ?? args.previousSecretExpiresAt;
        const token = new ZeroTrustAccessServiceToken(
            `${name}-token`,
            {
                accountId: args.accountId,
                name: args.tokenName ?? name,
                duration: args.duration ?? "8760h",
                ...(clientSecretVersion === undefined ? {} : { clientSecretVersion }),
                ...(previousClientSecretExpiresAt === undefined ? {} : { previousClientSecretExpiresAt }),
            },
            // The provider marks the secret itself; a provider that forgets must not put it into the state in clear.
            { parent: this, additionalSecretOutputs: ["clientSecret"] },
        );

        this.tokenId = token.id;
        this.clientId = token.clientId;
        this.clientSecret = pulumi.secret(token.clientSecret);
        this.secretVersion = pulumi.output(clientSecretVersion ?? 1);
        this.expiresAt = token.expiresAt;
        this.rotatesAt = pulumi.output(rotation?.nextAt ?? "");
        this.registerOutputs({
            tokenId: this.tokenId,
            clientId: this.clientId,
            clientSecret: this.clientSecret,
            secretVersion: this.secretVersion,
            expiresAt: this.expiresAt,
            rotatesAt: this.rotatesAt,
        });
    }
}

function checkArgs(name: string, args: ServiceTokenArgs): void {
    const problems = checkShape("ServiceToken", name, args);
    const { secretVersion, previousSecretExpiresAt } = args;
    problems.check("accountId", args.accountId, accountIdProblem);
    problems.check("tokenName", args.tokenName ?? name, displayNameProblem);
    problems.check("duration", args.duration, (duration) => durationProblem(duration, { min: "1h" }));
    problems.check("secretVersion", secretVersion, versionProblem);
    problems.check("previousSecretExpiresAt", previousSecretExpiresAt, momentProblem);
    checkRotation(problems, args.rotation, { secretVersion, previousSecretExpiresAt });
    problems.throwIfAny("ServiceToken", name);
}
