import { RpcFault, RpcProtocolError } from "./errors.ts";
import { encodeResults } from "./messages.ts";
import type { StructReader } from "./reader.ts";

/** `RegistrationServer` in cloudflared's tunnelrpc/proto/tunnelrpc.capnp: what a connector calls on the edge. */
export const REGISTRATION_SERVER = 0xf71695ec7fe85497n;

/** Method numbers of `RegistrationServer`. */
export const RegistrationMethod = {
    RegisterConnection: 0,
    UnregisterConnection: 1,
    UpdateLocalConfiguration: 2,
} as const;

const NANOSECONDS_PER_MILLISECOND = 1_000_000n;
const UUID_BYTES = 16;

/** What a connector says of itself and of the connection that it wants to register. */
export interface RegisterConnectionRequest {
    readonly accountTag: string;
    /** Raw secret bytes. */
    readonly tunnelSecret: Uint8Array;
    readonly tunnelId: string;
    /** Which of its connections this is, counted from 0. */
    readonly connIndex: number;
    /** True when the connector was started with `--force`: an older connection must give way. */
    readonly replaceExisting: boolean;
    /** How often it has tried before, capped at 255. */
    readonly numPreviousAttempts: number;
    readonly client: {
        /** UUID that the connector made up at its start. */
        readonly id: string;
        readonly features: readonly string[];
        readonly version: string;
        /** For example `linux_amd64`. */
        readonly arch: string;
    };
}

/** The edge's answer to `registerConnection`. */
export type RegistrationOutcome =
    | {
          readonly kind: "registered";
          /** UUID that the edge gives the connection. */
          readonly connectionId: string;
          /** Code of the data centre; cloudflared logs it. */
          readonly locationName: string;
          /** True: the connector waits for its configuration from the edge. False: it reports its own. */
          readonly isRemotelyManaged: boolean;
      }
    | {
          readonly kind: "refused";
          /**
           * Shown in the connector's log. cloudflared tries again for ever when this contains `Unauthorized`; on any other
           * text its process ends if this was its first connection.
           */
          readonly cause: string;
          readonly shouldRetry: boolean;
          readonly retryAfterMs: number;
      };

/** @throws RpcProtocolError when the parameters lack a part or an identifier has the wrong length. */
export function decodeRegisterConnection(params: StructReader): RegisterConnectionRequest {
    const auth = requirePart(params.struct(0), "auth");
    const options = requirePart(params.struct(2), "options");
    const client = requirePart(options.struct(0), "options.client");
    return {
        accountTag: auth.text(0),
        tunnelSecret: auth.data(1),
        tunnelId: formatUuid(params.data(1), "tunnelId"),
        connIndex: params.uint8(0),
        replaceExisting: options.bool(0),
        numPreviousAttempts: options.uint8(2),
        client: {
            id: formatUuid(client.data(0), "options.client.clientId"),
            features: client.texts(1),
            version: client.text(2),
            arch: client.text(3),
        },
    };
}

/** The connector's own configuration (JSON), sent when the tunnel is not remotely managed. */
export function decodeUpdateLocalConfiguration(params: StructReader): Uint8Array {
    return params.data(0);
}

/** The answer to `registerConnection`: struct ConnectionResponse behind the results' one pointer. */
export function encodeRegistrationOutcome(answerId: number, outcome: RegistrationOutcome): Buffer {
    return encodeResults(answerId, 0, 1, (results) => {
        const response = results.struct(0, 1, 1);
        if (outcome.kind === "registered") {
            response.uint16(0, 1);
            response
                .struct(0, 1, 2)
                .bool(0, outcome.isRemotelyManaged)
                .data(0, parseUuid(outcome.connectionId))
                .text(1, outcome.locationName);
        } else {
            response
                .struct(0, 2, 1)
                .uint64(0, BigInt(outcome.retryAfterMs) * NANOSECONDS_PER_MILLISECOND)
                .bool(64, outcome.shouldRetry)
                .text(0, outcome.cause);
        }
    });
}

/** The answer to a method that returns nothing. */
export function encodeEmptyResults(answerId: number): Buffer {
    return encodeResults(answerId, 0, 0, () => {});
}

function requirePart(struct: StructReader | undefined, name: string): StructReader {
    if (struct === undefined) {
        throw new RpcProtocolError(RpcFault.Content, `registerConnection: ${name} is null`);
    }
    return struct;
}

function formatUuid(bytes: Uint8Array, name: string): string {
    if (bytes.length !== UUID_BYTES) {
        throw new RpcProtocolError(
            RpcFault.Content,
            `registerConnection: ${name} has ${bytes.length} bytes instead of ${UUID_BYTES}`,
        );
    }
    const hex = Buffer.from(bytes).toString("hex");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function parseUuid(uuid: string): Uint8Array {
    return Buffer.from(uuid.replaceAll("-", ""), "hex");
}
