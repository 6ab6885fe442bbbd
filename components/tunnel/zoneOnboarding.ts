import { ArgoSmartRouting } from "@pulumi/cloudflare/argoSmartRouting.js";
import { getZoneOutput } from "@pulumi/cloudflare/getZone.js";
import * as pulumi from "@pulumi/pulumi";
import { checkShape } from "../internal/shape.ts";
import { zoneIdProblem } from "../validation/index.ts";

export interface ZoneOnboardingArgs {
    /** Zone of the public host names: 32 hexadecimal digits. */
    zoneId: pulumi.Input<string>;
    /** Argo Smart Routing, which costs by traffic: `true` switches it on and `false` off. Left as it is if omitted. */
    smartRouting?: boolean;
}

/**
 * Whether a zone is ready to publish names, and its Argo Smart Routing switch.
 *
 * A zone whose registrar does not name Cloudflare's servers yet takes records and serves none of them, without an error anywhere. So a
 * deployment warns of it, and tells which servers to name.
 *
 * @example
 * const zone = new ZoneOnboarding("zone", { zoneId });
 * export const nameServers = zone.nameServers;
 */
export class ZoneOnboarding extends pulumi.ComponentResource {
    /** `active`, or what the zone waits for: `initializing`, `pending`, `moved`. */
    public readonly status: pulumi.Output<string>;
    /** Name servers that the domain's registrar has to name. */
    public readonly nameServers: pulumi.Output<string[]>;

    /**
     * @param name Name of the component.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: ZoneOnboardingArgs, opts?: pulumi.ComponentResourceOptions) {
        const problems = checkShape("ZoneOnboarding", name, args);
        problems.check("zoneId", args.zoneId, zoneIdProblem);
        problems.throwIfAny("ZoneOnboarding", name);
        super("sallyport:index:ZoneOnboarding", name, args, opts);

        const { zoneId, smartRouting } = args;
        const zone = getZoneOutput({ zoneId }, { parent: this });
        zone.apply((found) => {
            const problem = readinessProblem(found);
            if (problem !== undefined) pulumi.log.warn(problem, this);
        });
        if (smartRouting !== undefined) {
            new ArgoSmartRouting(
                `${name}-smart-routing`,
                { zoneId, value: smartRouting ? "on" : "off" },
                { parent: this },
            );
        }

        this.status = zone.status;
        this.nameServers = zone.nameServers;
        this.registerOutputs({ status: this.status, nameServers: this.nameServers });
    }
}

interface ZoneState {
    name: string;
    status: string;
    paused: boolean;
    nameServers: string[];
}

function readinessProblem({ name, status, paused, nameServers }: ZoneState): string | undefined {
    if (status !== "active") {
        return `Zone ${name} is ${status}, so none of its names is served. Let its registrar name the servers ${nameServers.join(" and ")}.`;
    }
    return paused
        ? `Zone ${name} is paused, so its records are not proxied and tunnels serve none of its names. Resume it in the dashboard.`
        : undefined;
}
