import { traefikRule } from "./traefikRule.ts";

/** At these levels Traefik writes its whole configuration and parts of requests: addresses, middleware settings, sometimes credentials. */
export const traefikLogIsNotDebug = traefikRule({
    name: "traefik-log-is-not-debug",
    description: "Traefik logs what happens, not what passes through it.",
    severity: "low",
    remediationSteps: "Set `log.level` to INFO or above, and DEBUG for as long as somebody looks for a fault.",
    judge: ({ subject, settings }) =>
        settings
            .filter(({ option, value }) => option === "log.level" && /^(debug|trace)$/i.test(value))
            .map(({ value }) => ({
                wrong: `${subject} sets \`log.level\` to ${value.toUpperCase()}.`,
                instead: "Write INFO, or ERROR, which is Traefik's own default.",
            })),
});
