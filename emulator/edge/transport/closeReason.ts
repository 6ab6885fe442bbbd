/** Why a session with a connector ended. */
export const CloseReason = {
    /** The connector said goodbye (it was stopped). */
    Unregistered: "unregistered",
    /** The connection broke, or the connector closed it without saying goodbye. */
    Lost: "lost",
    /** The connector did not answer: no registration, no PING answer, or no configuration acknowledged in time. */
    Unresponsive: "unresponsive",
    /** The connector broke the protocol. */
    Malformed: "malformed",
    /** Its credentials were refused. */
    Refused: "refused",
    /** The same connector registered the same connection again. */
    Replaced: "replaced",
    /** Somebody asked the API to drop the tunnel's connections. */
    Disconnected: "disconnected",
    /** The tunnel was deleted. */
    TunnelDeleted: "tunnel deleted",
    /** The edge shuts down. */
    EdgeClosed: "edge closed",
} as const;
export type CloseReason = (typeof CloseReason)[keyof typeof CloseReason];
