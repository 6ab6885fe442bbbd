import type { ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, text } from "../../values.ts";

/**
 * These drivers give each container an address on the host's own network segment
 * (docs.docker.com/engine/network/drivers).
 */
const LAN_DRIVERS: ReadonlySet<string> = new Set(["macvlan", "ipvlan"]);

/**
 * A container on the local network needs no published port to be reached: every port that it opens is an inbound one.
 */
export const noLanNetwork: ResourceRule = {
    name: "no-lan-network",
    description: "A Docker network is private to its containers and does not put them on the host's network segment.",
    severity: "critical",
    remediationSteps: 'Use the driver "overlay" (Swarm) or "bridge", and reach the containers through a tunnel.',
    type: Token.network,
    judge: ({ name, props }) => {
        const driver = text(at(props, "driver"));
        if (driver === undefined || !LAN_DRIVERS.has(driver)) return [];
        return [
            {
                wrong: `Network '${name}' has the driver "${driver}", which gives its containers addresses on the host's network.`,
                instead: 'Write "overlay" (Swarm) or "bridge".',
            },
        ];
    },
};
