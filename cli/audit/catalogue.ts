/** Every check that the audit makes, with what to do when it fails. `docs/audit.md` tells what each one proves. */
export const REMEDIES = {
    "anonymous-request-is-refused":
        "run `npx pulumi up`: it makes the Access application again; until then anybody reaches the edge's answer",
    "wrong-service-token-is-refused":
        "look for a Bypass policy or a rule that lets everyone in on the hostname's Access application",
    "foreign-token-is-refused":
        "run `npx pulumi up`: it makes the Access application and the connector's demand for its token again",
    "expired-token-is-refused":
        "run `npx pulumi up`: it makes the Access application and the connector's demand for its token again",
    "certificate-is-valid": "renew the edge's certificate for the hostname, or see why it cannot be verified",
    "access-application-exists": "run `npx pulumi up --refresh`: it makes the application and its policies again",
    "connector-demands-token": "run `npx pulumi up --refresh`: it puts the tunnel's ingress document back",
    "tunnel-is-connected": "see why connectors do not connect: `docker service logs` of the connector's service",
    "no-published-port":
        "take the port away with `docker service update --publish-rm`, or run `npx pulumi up --refresh`",
    "every-replica-runs": "see why tasks do not start: `docker service ps --no-trunc` of the service",
} as const;

/** Name of a check. */
export type CheckId = keyof typeof REMEDIES;
