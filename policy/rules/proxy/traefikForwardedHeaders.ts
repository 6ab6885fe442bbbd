import { switchesOn } from "../../traefik/settings.ts";
import { traefikRule } from "./traefikRule.ts";

/**
 * Whoever may write `X-Forwarded-For` chooses the address that IP lists, rate limits and logs see, and with `X-Forwarded-Proto` passes for
 * encrypted; the PROXY protocol says the same in another form.
 */
export const traefikBelievesKnownProxies = traefikRule({
    name: "traefik-believes-known-proxies-only",
    description: "Traefik takes a visitor's address from proxies that are named, not from whoever sends a header.",
    severity: "high",
    remediationSteps: "Replace `insecure` by `trustedIPs` with the subnet of the tunnel's connector.",
    judge: ({ subject, settings }) =>
        settings
            .filter((setting) => INSECURE.test(setting.option) && switchesOn(setting))
            .map(({ option }) => ({
                wrong: `${subject} switches \`${option}\` on, so whoever sends the header chooses the address that is seen.`,
                instead: "Remove it, and name the connector's subnet in `trustedIPs`.",
            })),
});

const INSECURE = /^entrypoints\.[^.]+\.(forwardedheaders|proxyprotocol)\.insecure$/;
