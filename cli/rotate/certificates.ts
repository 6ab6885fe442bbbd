import type { SerializedResource } from "../reach/resources.ts";

/** A certificate of the stack's own authorities, as the state has it. */
export interface DeployedCertificate {
    /** Name of what presents it: `traefik`, or a service of a federation. */
    readonly name: string;
    readonly madeAt: string | undefined;
    /** From when on a deployment makes it anew, in RFC 3339. */
    readonly renewsAt: string;
}

const CERTIFICATE = "tls:index/locallySignedCert:LocallySignedCert";
const HOUR_MS = 3_600_000;

/** The stack's proxy (`stacks/swarm.ts`). */
const PROXY = "traefik";

/** The certificates of a state: the proxy's, which a stack file can have rotated, and those that are made anew before their end and at no other time. */
export function certificatesIn(resources: readonly SerializedResource[]): {
    proxy: DeployedCertificate | undefined;
    others: DeployedCertificate[];
} {
    const isThere = ({ type, delete: isOld, outputs }: SerializedResource) =>
        type === CERTIFICATE && isOld !== true && typeof outputs?.validityEndTime === "string";
    const all = resources.filter(isThere).map(deployed);
    return { proxy: all.find(({ name }) => name === PROXY), others: all.filter(({ name }) => name !== PROXY) };
}

function deployed({ urn, created, inputs = {}, outputs = {} }: SerializedResource): DeployedCertificate {
    const ends = Date.parse(String(outputs.validityEndTime));
    const early = Number(inputs.earlyRenewalHours ?? 0) * HOUR_MS;
    return {
        name: urn.slice(urn.lastIndexOf("::") + 2).replace(/(-certificate)+$/, ""),
        madeAt: created,
        renewsAt: new Date(ends - early).toISOString(),
    };
}
