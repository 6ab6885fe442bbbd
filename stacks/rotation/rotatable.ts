import type { GenerationArgs } from "../../components/proxy/mkcert/generations.ts";
import type { RotationSchedule } from "../../components/validation/index.ts";
import { isHttp } from "../apps.ts";
import { type Environment, LocalRuntime } from "../config/environment.ts";

/** What a stack file can have rotated: the first part of its name. */
export const RotatableKind = {
    /** The secret with which connectors serve in the tunnel's name. */
    Tunnel: "tunnel",
    /** The same of a Kubernetes cluster's tunnel. */
    ClusterTunnel: "cluster-tunnel",
    /** The secret of a machine that passes Access. */
    ServiceToken: "service-token",
    /** The same of a link between two services of a federation. */
    LinkToken: "link-token",
    /** Key and certificate of the proxy. */
    ProxyCertificate: "proxy-certificate",
    /** The root that certifies the proxy. */
    Authority: "authority",
    /** The roots that certify the services of a federation's site, which take turns together. */
    FederationAuthority: "federation-authority",
} as const;
export type RotatableKind = (typeof RotatableKind)[keyof typeof RotatableKind];

/** Something secret of a stack that makes way for a new one. */
export interface Rotatable {
    readonly kind: RotatableKind;
    /** The kind alone where a stack has one, else with its own name: `service-token/ci`. */
    readonly name: string;
    /** Where its schedule stands in the stack file, below `config`. */
    readonly place: readonly (string | number)[];
    /** Its schedule, or which roots of an authority are in use. Nothing is rotated by the calendar where it has none. */
    readonly declared: Declared;
    /** Logical name of the resource that is made when a version of it is made. */
    madeWith(version: number): string;
}

/** A secret's schedule, or an authority's. */
export type Declared =
    | { readonly rotation: RotationSchedule | undefined }
    | { readonly roots: Pick<GenerationArgs, "generation" | "alsoTrust" | "rollOver"> };

/** Everything of a stack that its file can have rotated. */
export function rotatablesOf(environment: Environment): Rotatable[] {
    const { tunnel, serviceTokens, clusters } = environment;
    const place = (key: string, ...inner: (string | number)[]) => [`sallyport:${key}`, ...inner, "rotation"];
    return [
        // The secret of an adopted tunnel was made elsewhere.
        ...(tunnel.adopt === undefined ? [secret(RotatableKind.Tunnel, place("tunnel"), tunnel, "tunnel-secret")] : []),
        ...clusters.map((cluster, index) =>
            named(RotatableKind.ClusterTunnel, cluster.name, place("clusters", index), cluster, "tunnel-secret"),
        ),
        ...serviceTokens.map((token) =>
            named(RotatableKind.ServiceToken, token.name, place("serviceTokens", token.name), token, "token"),
        ),
        ...proxyKeysOf(environment),
        ...federationKeysOf(environment),
    ];
}

/** Without Docker there is neither proxy nor authority; the proxy is there for apps over HTTP. */
function proxyKeysOf({ apps, proxy, ca, emulator }: Environment): Rotatable[] {
    if (emulator?.runtime.kind === LocalRuntime.Processes) return [];
    const certificate: Rotatable = {
        ...secret(RotatableKind.ProxyCertificate, ["sallyport:proxy", "rotation"], proxy, ""),
        madeWith: (version) => numbered("traefik-certificate-key", version),
    };
    return [
        ...(apps.some(isHttp) ? [certificate] : []),
        {
            kind: RotatableKind.Authority,
            name: RotatableKind.Authority,
            place: ["sallyport:ca", "rollOver"],
            declared: { roots: ca },
            madeWith: (version) => numbered("ca-key", version),
        },
    ];
}

function federationKeysOf({ federation }: Environment): Rotatable[] {
    if (federation === undefined) return [];
    const { site, services, links, rollOver } = federation;
    const own = services.find((service) => service.site === site);
    const authority: Rotatable = {
        kind: RotatableKind.FederationAuthority,
        name: RotatableKind.FederationAuthority,
        place: ["sallyport:federation", "rollOver"],
        declared: { roots: rollOver === undefined ? {} : { rollOver } },
        madeWith: (version) => numbered(`${site}-authority-${own?.name}-key`, version),
    };
    return [
        ...links.map((link, index) => {
            const place = ["sallyport:federation", "links", index, "rotation"];
            return named(RotatableKind.LinkToken, `${link.from}-${link.to}`, place, link, "token-token");
        }),
        ...(own === undefined ? [] : [authority]),
    ];
}

function named(
    kind: RotatableKind,
    name: string,
    place: Rotatable["place"],
    declared: { rotation?: RotationSchedule | undefined },
    suffix: string,
): Rotatable {
    return { ...secret(kind, place, declared, `${name}-${suffix}`), name: `${kind}/${name}` };
}

function secret(
    kind: RotatableKind,
    place: Rotatable["place"],
    { rotation }: { rotation?: RotationSchedule | undefined },
    resource: string,
): Rotatable {
    return { kind, name: kind, place, declared: { rotation }, madeWith: () => resource };
}

/** As components name the resources of a version. */
function numbered(name: string, version: number): string {
    return version === 1 ? name : `${name}-${version}`;
}
