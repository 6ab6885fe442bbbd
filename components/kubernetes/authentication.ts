import { toYaml } from "../internal/yaml.ts";
import type { ClusterOidc } from "./catalogue.ts";

/** Whom an API server believes who a person is: an OpenID provider (kubernetes.io/docs/reference/access-authn-authz/authentication, "OpenID Connect Tokens"). */
export interface ClusterOidcProvider {
    /** Issuer's URL, exactly as its tokens have it in `iss`. */
    issuer: string;
    /** Client that the tokens are made out to (`aud`). Public, for command lines: it has no secret. */
    clientId: string;
    /** Claim that names the person. `email` if omitted. */
    usernameClaim?: string;
    /** Claim that lists the person's groups. `groups` if omitted. */
    groupsClaim?: string;
    /** Stands before every user and group, so that the provider cannot name Kubernetes' own. `oidc:` if omitted. */
    prefix?: string;
}

/** The same with everything said. */
export type CompleteOidc = Required<ClusterOidcProvider>;

export function completeOidc(args: ClusterOidcProvider): CompleteOidc {
    const { usernameClaim = "email", groupsClaim = "groups", prefix = "oidc:" } = args;
    return { issuer: args.issuer, clientId: args.clientId, usernameClaim, groupsClaim, prefix };
}

/** What the catalogue says of it. */
export function publicOidc({ issuer, clientId }: ClusterOidcProvider): ClusterOidc {
    return { issuer, clientId };
}

/** Arguments of kube-apiserver; of every version, and of k3s and kubeadm in their own wrapping. */
export function oidcFlags({ issuer, clientId, usernameClaim, groupsClaim, prefix }: CompleteOidc): string[] {
    return [
        `--oidc-issuer-url=${issuer}`,
        `--oidc-client-id=${clientId}`,
        `--oidc-username-claim=${usernameClaim}`,
        `--oidc-username-prefix=${prefix}`,
        `--oidc-groups-claim=${groupsClaim}`,
        `--oidc-groups-prefix=${prefix}`,
    ];
}

/** The file for `--authentication-config`, which excludes the flags: Kubernetes 1.30 and later take this version, and a change without a restart. */
export function authenticationConfiguration({
    issuer,
    clientId,
    usernameClaim,
    groupsClaim,
    prefix,
}: CompleteOidc): string {
    return toYaml({
        apiVersion: "apiserver.config.k8s.io/v1beta1",
        kind: "AuthenticationConfiguration",
        jwt: [
            {
                issuer: { url: issuer, audiences: [clientId] },
                claimMappings: {
                    username: { claim: usernameClaim, prefix },
                    groups: { claim: groupsClaim, prefix },
                },
            },
        ],
    });
}
