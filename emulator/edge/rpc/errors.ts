/** Which rule a peer broke; tests and logs tell the cases apart by it. */
export const RpcFault = {
    /** The segment table is impossible, or the stream ended inside a message. */
    Framing: "framing",
    /** A pointer leads outside its segment, or is of the wrong kind for its field. */
    Pointer: "pointer",
    /** A size, count or traversal limit was exceeded. */
    Limit: "limit",
    /** Well-formed Cap'n Proto that does not say what the schema asks for. */
    Content: "content",
    /** A message that the RPC protocol does not allow at this point. */
    Protocol: "protocol",
} as const;
export type RpcFault = (typeof RpcFault)[keyof typeof RpcFault];

/**
 * The peer sent something that cannot be accepted. It is the only error that decoding throws, so whoever feeds the
 * codec from the network catches exactly this one; the connection cannot be used afterwards.
 */
export class RpcProtocolError extends Error {
    override readonly name = "RpcProtocolError";
    readonly fault: RpcFault;

    constructor(fault: RpcFault, message: string) {
        super(message);
        this.fault = fault;
    }
}
