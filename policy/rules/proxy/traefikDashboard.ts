import { switchesOn } from "../../traefik/settings.ts";
import { traefikRule } from "./traefikRule.ts";

/**
 * `api.insecure` answers on a port of its own, to whoever asks, with every route, address and certificate; `api.debug` adds profiles of
 * the process. A router on `api@internal` puts the dashboard behind Access instead.
 */
export const traefikDashboardIsGuarded = traefikRule({
    name: "traefik-dashboard-is-guarded",
    description: "Traefik's API and dashboard are reached through a router, not through a port of their own.",
    severity: "high",
    remediationSteps:
        "Remove `api.insecure` and `api.debug`, and route a host name behind Access to `api@internal`; the `dashboard` of a TraefikProxy does so.",
    judge: ({ subject, settings }) =>
        settings
            .filter((setting) => /^api\.(insecure|debug)$/.test(setting.option) && switchesOn(setting))
            .map(({ option }) => ({
                wrong: `${subject} switches \`${option}\` on, which shows Traefik's ${INSIDE[option]} to whoever asks.`,
                instead: "Remove it, and route a host name behind Access to `api@internal`.",
            })),
});

const INSIDE: Readonly<Record<string, string>> = { "api.insecure": "routes and addresses", "api.debug": "memory" };
