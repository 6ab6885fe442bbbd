import { traefikRule } from "./traefikRule.ts";

/**
 * A key in a folder of the host is there for every backup, every other container with that mount and everybody who may log in. A Docker
 * secret is encrypted at rest and in memory where it is used.
 */
export const traefikKeyIsSecret = traefikRule({
    name: "traefik-key-is-a-secret",
    description: "The private keys of Traefik's certificates are Docker secrets, not files of the host.",
    severity: "high",
    remediationSteps:
        "Put the key into a `docker.Secret`, mount it and name its file below `/run/secrets/`; a TraefikProxy does so.",
    judge: ({ subject, settings }) =>
        settings
            .filter(({ option, value }) => /(^|\.)keyfile$/.test(option) && !value.startsWith("/run/secrets/"))
            .map(({ value }) => ({
                wrong: `${subject} takes a private key from ${shownPlace(value)}, which is no Docker secret.`,
                instead: "Mount a `docker.Secret` and write its path below `/run/secrets/`.",
            })),
});

/** Traefik takes the key itself in the place of a path. It is not repeated. */
function shownPlace(value: string): string {
    return value.includes("-----BEGIN") ? "the file itself" : JSON.stringify(value);
}
