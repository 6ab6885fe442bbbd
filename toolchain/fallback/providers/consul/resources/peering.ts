/** Peerings and the tokens that establish them (api-docs/peering). */
import type { PropertyMap } from "../../../plugin/provider.ts";
import { type ConsulResource, words } from "../consulResource.ts";
import { fromWire, toWire } from "../naming.ts";

const COMMON = {
    replaceOnChange: ["*"],
    // Both ends are known by the peer's name.
    deleteBeforeReplace: true,
    taken: ({ peerName }: PropertyMap) => pathOf(String(peerName)),
    idOf: ({ peerName }: PropertyMap) => String(peerName),
    path: pathOf,
    live: (answer: PropertyMap): PropertyMap => ({
        ...fromWire(answer),
        peerName: answer.Name ?? answer.PeerName ?? "",
    }),
    isLeaving: ({ State }: PropertyMap) => State === "DELETING",
};

export const peerings: Readonly<Record<string, ConsulResource>> = {
    Peering: {
        ...COMMON,
        inputs: words("meta peerName peeringToken"),
        outputs: words("deletedAt peerCaPems peerId peerServerAddresses peerServerName state"),
        secrets: ["peeringToken"],
        toldOnce: ["peeringToken"],
        create: (inputs) => ({ method: "POST", path: "peering/establish", body: toWire(inputs) }),
    },
    // The accepting side's end: it exists from the token on, and goes with it.
    PeeringToken: {
        ...COMMON,
        inputs: words("meta peerName serverExternalAddresses"),
        outputs: ["peeringToken"],
        secrets: ["peeringToken"],
        toldOnce: words("peeringToken serverExternalAddresses"),
        create: (inputs) => ({ method: "POST", path: "peering/token", body: toWire(inputs) }),
    },
};

function pathOf(peerName: string): string {
    return `peering/${encodeURIComponent(peerName)}`;
}
