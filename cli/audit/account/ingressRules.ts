import type { AuditedHostname } from "../target.ts";

/** The part of an ingress rule that is read here; the API's document and what cloudflared tells of itself have it alike. */
export interface IngressRule {
    readonly hostname?: string;
    /** Regular expression. */
    readonly path?: string | null;
    readonly service: string;
    readonly originRequest?: {
        readonly access?: { readonly required?: boolean; readonly audTag?: readonly string[] | null };
        readonly originServerName?: string;
        readonly caPool?: string;
    };
}

/** What a tunnel's connectors are to do: `GET …/cfd_tunnel/{id}/configurations`, and `/config` of a connector's metrics. */
export interface IngressDocument {
    readonly config?: { readonly ingress?: readonly IngressRule[] } | null;
}

/** Why the rules of a hostname let somebody in without the token of its Access application; undefined when they do not. */
export function openness(rules: readonly IngressRule[], { hostname, aud }: AuditedHostname): string | undefined {
    const serving = rules.filter((rule) => rule.hostname === hostname);
    if (serving.some(({ originRequest }) => originRequest?.access?.required !== true)) {
        return "an ingress rule demands no token";
    }
    const demanded = serving.some(({ originRequest }) => originRequest?.access?.audTag?.includes(aud));
    return demanded ? undefined : "no rule demands this application's token";
}

/** A TLS server behind the tunnel that connectors verify with an authority of the stack's own. */
export interface TlsOrigin {
    readonly host: string;
    readonly port: number;
    readonly serverName: string;
}

/** The origins of rules that name an authority, each once. */
export function tlsOrigins(rules: readonly IngressRule[]): TlsOrigin[] {
    const origins = rules.flatMap(({ service, originRequest }) => {
        const url = URL.parse(service);
        if (url?.protocol !== "https:" || !originRequest?.caPool) {
            return [];
        }
        const { hostname: host, port } = url;
        return [{ host, port: Number(port || 443), serverName: originRequest.originServerName || host }];
    });
    return [...new Map(origins.map((origin) => [JSON.stringify(origin), origin])).values()];
}
