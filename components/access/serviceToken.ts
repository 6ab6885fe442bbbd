import { ZeroTrustAccessServiceToken } from "@pulumi/cloudflare/zeroTrustAccessServiceToken.js";
import * as pulumi from "@pulumi/pulumi";
import { Problems } from "../internal/problems.ts";
import { accountIdProblem, displayNameProblem, durationProblem } from "../validation/index.ts";

export interface ServiceTokenArgs {
    /** Account that owns the token: 32 hexadecimal digits. */
    accountId: pulumi.Input<string>;
    /** Name in the dashboard. The component's name if omitted. */
    tokenName?: pulumi.Input<string>;
    /** How long the token is good, in Go's form; at least one hour. One year (`8760h`) if omitted. A token without an end is not offered. */
    duration?: pulumi.Input<string>;
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
 */
export class ServiceToken extends pulumi.ComponentResource {
    /** UUID of the token, for an audience. */
    public readonly tokenId: pulumi.Output<string>;
    /** What the machine sends as `CF-Access-Client-Id`. */
    public readonly clientId: pulumi.Output<string>;
    /** Secret: what the machine sends as `CF-Access-Client-Secret`. Cloudflare tells it once, at creation. */
    public readonly clientSecret: pulumi.Output<string>;

    /**
     * @param name Name of the component, and of the token where `tokenName` is omitted.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: ServiceTokenArgs, opts?: pulumi.ComponentResourceOptions) {
        const problems = new Problems();
        problems.check("accountId", args.accountId, accountIdProblem);
        problems.check("tokenName", args.tokenName ?? name, displayNameProblem);
        problems.check("duration", args.duration, (duration) => durationProblem(duration, { min: "1h" }));
        problems.throwIfAny("ServiceToken", name);
        super("sallyport:index:ServiceToken", name, args, opts);

        const token = new ZeroTrustAccessServiceToken(
            `${name}-token`,
            { accountId: args.accountId, name: args.tokenName ?? name, duration: args.duration ?? "8760h" },
            // The provider marks the secret itself; a provider that forgets must not put it into the state in clear.
            { parent: this, additionalSecretOutputs: ["clientSecret"] },
        );

        this.tokenId = token.id;
        this.clientId = token.clientId;
        this.clientSecret = pulumi.secret(token.clientSecret);
        this.registerOutputs({ tokenId: this.tokenId, clientId: this.clientId, clientSecret: this.clientSecret });
    }
}
