import type { ExportedState } from "../engine/state.ts";
import type { SerializedResource } from "../reach/resources.ts";
import type { Finding } from "./find.ts";
import { filledFrom } from "./known.ts";

type Adopted = Pick<Finding, "declared" | "isLost">;

/**
 * Imported objects as a deployment would have left them.
 *
 * An import takes every setting that the API tells for one that the program gives, and none that the API does not tell: the next update would
 * change all of them, and make anew what looks like another kind of object. So each has the program's own inputs; whatever the API
 * has otherwise, the refresh that follows finds. What is lost is marked as tainted, so that the engine replaces it in its own order.
 */
export function completed({ version, deployment }: ExportedState, own: readonly Adopted[]): ExportedState {
    const byUrn = new Map(own.map((one) => [one.declared.urn, one]));
    const resources = (deployment.resources ?? []).map((resource) => {
        const one = byUrn.get(resource.urn);
        return one === undefined ? resource : completedResource(resource, one);
    });
    return { version, deployment: { ...deployment, resources } };
}

function completedResource(resource: SerializedResource, { declared, isLost }: Adopted): SerializedResource {
    const { inputs: live = {}, outputs = {} } = resource;
    const untold = UNTOLD[declared.type]?.(outputs) ?? {};
    const inputs = filledFrom({ ...declared.props, ...untold }, live) as Record<string, unknown>;
    return { ...resource, inputs, outputs: { ...untold, ...outputs }, ...(isLost && { taint: true }) };
}

/** What the program's inputs cannot tell of an object that is there: what an import has under another name or in another form, and a name that Pulumi
 * chose. */
const UNTOLD: Readonly<Record<string, (outputs: Readonly<Record<string, unknown>>) => Record<string, unknown>>> = {
    "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared": ({ remoteConfig }) => ({
        configSrc: remoteConfig === true ? "cloudflare" : "local",
    }),
    // A preview does not know them before the policies are there, and an import has each with everything that it says.
    "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication": ({ policies }) => ({
        policies: (Array.isArray(policies) ? policies : []).map(({ id, precedence }) => ({ id, precedence })),
    }),
    "docker:index/service:Service": ({ name }) => ({ name }),
};
