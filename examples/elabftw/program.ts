import { Network } from "@pulumi/docker/network.js";
import { MkcertCA } from "../../components/index.ts";
import { elabftw } from "./application.ts";
import { dashboardOf, entranceOf } from "./entrance.ts";
import { type Settings, Way } from "./settings.ts";

/** The notebook, the proxy before it, and the authority that both have their certificates from. */
export function closedNetwork(settings: Settings) {
    const ca = new MkcertCA("ca", {
        commonName: `${settings.hostname} CA`,
        permitted: { dnsDomains: ["elabftw", "traefik", settings.hostname, dashboardOf(settings)] },
    });
    // Without a tunnel there is no Swarm; with one, the connector's service shares a network with the proxy.
    const driver = settings.way === Way.Listen ? "bridge" : "overlay";
    const network = new Network("application", {
        name: "elabftw",
        driver,
        internal: true,
        ...(driver === "overlay" ? { attachable: true } : {}),
    });
    const { firewallRules } = entranceOf(settings, ca, elabftw(settings, ca, network), network);
    return { authority: ca.trustBundlePem, firewallRules };
}
