import { ZeroTrustDeviceCustomProfile } from "@pulumi/cloudflare/zeroTrustDeviceCustomProfile.js";
import * as pulumi from "@pulumi/pulumi";
import { checkShape } from "../internal/shape.ts";
import {
    accountIdProblem,
    deviceMatchProblem,
    displayNameProblem,
    isIpRange,
    normaliseDestination,
    splitTunnelProblems,
} from "../validation/index.ts";

export interface DeviceProfileArgs {
    /** Account that owns the profile: 32 hexadecimal digits. */
    accountId: pulumi.Input<string>;
    /** Whose devices: an expression over identity or operating system, such as `identity.email in {"ada@example.com"}`. */
    match: pulumi.Input<string>;
    /** Place among the account's profiles: the lowest that matches holds. */
    precedence: number;
    /** Send only these ranges and host names to Cloudflare. Everything but `exclude` if omitted; not beside `exclude`. */
    include?: string[];
    /** Send everything but these ranges and host names to Cloudflare. The client's usual list if omitted; not beside `include`. */
    exclude?: string[];
    /** Name in the dashboard. The component's name if omitted. */
    profileName?: string;
    /** People may switch the client off. False if omitted. */
    mayDisconnect?: boolean;
    /** People may take the device out of the organisation. False if omitted. */
    mayLeave?: boolean;
}

/**
 * What the client on some devices sends to Cloudflare (split tunnels), so that they reach a {@link PrivateNetwork}.
 *
 * A profile of its own, because the account's default one has settings for every device, and whoever declares it resets those it
 * does not name.
 *
 * @example
 * new DeviceProfile("office", {
 *     accountId,
 *     match: 'identity.email matches "^[^@]+@example[.]com$"',
 *     precedence: 100,
 *     include: ["10.20.0.0/16", "example.cloudflareaccess.com"],
 * });
 */
export class DeviceProfile extends pulumi.ComponentResource {
    /** Id of the profile. */
    public readonly profileId: pulumi.Output<string>;

    /**
     * @param name Name of the component, and of the profile where `profileName` is omitted.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: DeviceProfileArgs, opts?: pulumi.ComponentResourceOptions) {
        checkArgs(name, args);
        super("sallyport:index:DeviceProfile", name, args, opts);

        const { accountId, match, precedence, include, exclude } = args;
        const profileName = args.profileName ?? name;
        const profile = new ZeroTrustDeviceCustomProfile(
            `${name}-profile`,
            {
                accountId,
                name: profileName,
                description: `Split tunnels of ${profileName}`,
                match,
                precedence,
                enabled: true,
                switchLocked: !args.mayDisconnect,
                allowedToLeave: args.mayLeave ?? false,
                ...(include === undefined ? {} : { includes: splitTunnels(include) }),
                ...(exclude === undefined ? {} : { excludes: splitTunnels(exclude) }),
            },
            { parent: this },
        );

        this.profileId = profile.id;
        this.registerOutputs({ profileId: this.profileId });
    }
}

/** Sorted, so that the order in the program never shows. */
function splitTunnels(destinations: readonly string[]): { address?: string; host?: string }[] {
    return destinations
        .map(normaliseDestination)
        .toSorted()
        .map((one) => (isIpRange(one) ? { address: one } : { host: one }));
}

function checkArgs(name: string, args: DeviceProfileArgs): void {
    const problems = checkShape("DeviceProfile", name, args);
    problems.check("accountId", args.accountId, accountIdProblem);
    problems.check("profileName", args.profileName ?? name, displayNameProblem);
    problems.check("match", args.match, deviceMatchProblem);
    problems.addAll(splitTunnelProblems(args));
    problems.throwIfAny("DeviceProfile", name);
}
