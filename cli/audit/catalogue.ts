/** What to do when a check fails; `{redeploy}` stands for the command that makes the stack again as it is declared. */
export const REMEDIES = {
    "anonymous-request-is-refused": "run {redeploy}: it puts the Access application back before the hostname",
    "wrong-service-token-is-refused":
        "look for a Bypass policy or a rule that lets everyone in at the hostname's Access application, then run {redeploy}",
    "foreign-token-is-refused":
        "run {redeploy}: it puts the Access application and the connector's demand for its token back",
    "expired-token-is-refused":
        "run {redeploy}: it puts the Access application and the connector's demand for its token back",
    "certificate-is-valid": "renew the edge's certificate, or see why this machine cannot verify it",
    "old-tls-is-refused":
        "raise the zone's minimum TLS version to 1.2: SSL/TLS › Edge Certificates in the dashboard (developers.cloudflare.com/ssl/edge-certificates/additional-options/minimum-tls)",
    "access-application-exists": "run {redeploy}: it makes the application and its policies again",
    "connector-demands-token": "run {redeploy}: it puts the tunnel's ingress rules back",
    "origin-refuses-around-access": "run {redeploy}: it puts the connector's demand for the Access token back",
    "tunnel-is-connected": "see why connectors do not connect: `docker service logs` of the connectors' service",
    "tunnel-is-managed-as-declared":
        "somebody migrated the tunnel, so its connectors go by other rules than the stack's: see who in the account's audit log, then replace the tunnel and its secret",
    "every-replica-is-connected":
        "see why a connector is missing: `docker service ps --no-trunc` of the connectors' service",
    "no-published-port": "take the port away with `docker service update --publish-rm`, or run {redeploy}",
    "every-replica-runs": "see why tasks do not start: `docker service ps --no-trunc` of the service",
    "no-reachable-listener":
        "attach the service to internal overlay networks only, or let it listen on loopback; {redeploy} puts ours back",
    "origin-certificate-is-valid": "run {redeploy}: it renews certificates that end within 30 days",
    "host-listens-as-before":
        "stop what opened the socket; if it has nothing to do with the stack, take the environment down and bring it up again",
} as const;

/** Name of a check; `docs/audit.md` tells what each one proves. */
export type CheckId = keyof typeof REMEDIES;

/** The command that makes a stack as it is declared, whatever was done to it by hand. */
export function redeployCommand(stack: string, isLocal: boolean): string {
    const up = `npx pulumi up --refresh -s ${stack} --policy-pack policy`;
    return isLocal ? `\`eval "$(npx sallyport local env)" && ${up}\`` : `\`${up}\``;
}
