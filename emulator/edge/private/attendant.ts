import type { Socket } from "node:net";
import { type PrivateConnectionEvent, PrivateVerdict } from "../../privateConnections.ts";
import type { PrivateNetworkDirectory } from "../../privateNetworkDirectory.ts";
import { ConnectionBalancer } from "../public/connectionBalancer.ts";
import type { RequestLog } from "../public/requestLog.ts";
import type { TunnelEdge } from "../transport/tunnelEdge.ts";
import { admit, type PrivateRequest } from "./admission.ts";
import { formatDestination, readDestination } from "./destination.ts";
import { InitialAddresses } from "./initialAddresses.ts";
import { ConversationEndedError, SocksConversation } from "./socks/conversation.ts";
import { Command, Reply, SocksProtocolError, type SocksRequest } from "./socks/messages.ts";
import { carry, openTcpStream } from "./tcpStream.ts";

/** How long a client is waited for, and waits, in milliseconds. */
export interface PrivateTimeouts {
    /** For a client to say who it is and what it wants. */
    readonly request: number;
    /** For a connector to reach the destination. cloudflared itself gives up after 5 s (`warp-routing.connectTimeout`). */
    readonly connect: number;
}

const DEFAULT_TIMEOUTS: PrivateTimeouts = { request: 10_000, connect: 15_000 };

export interface AttendantOptions {
    readonly directory: PrivateNetworkDirectory;
    /** What has the tunnels' connections. */
    readonly tunnelEdge: Pick<TunnelEdge, "connectionsOf">;
    /** Deviations from the default timeouts. */
    readonly timeouts?: Partial<PrivateTimeouts> | undefined;
}

/** SOCKS's answer to each verdict; whoever is unknown is turned away before there is a request to answer. */
const REPLIES: Readonly<Record<Exclude<PrivateVerdict, "unknown-device">, Reply>> = {
    [PrivateVerdict.Connected]: Reply.Succeeded,
    [PrivateVerdict.Excluded]: Reply.NetworkUnreachable,
    [PrivateVerdict.Blocked]: Reply.NotAllowed,
    [PrivateVerdict.NoRoute]: Reply.NetworkUnreachable,
    [PrivateVerdict.NoConnector]: Reply.HostUnreachable,
    [PrivateVerdict.Unreachable]: Reply.ConnectionRefused,
    [PrivateVerdict.Unsupported]: Reply.CommandNotSupported,
    [PrivateVerdict.Failed]: Reply.GeneralFailure,
};

/** What is written down of every attempt. */
type Attempt = Pick<PrivateConnectionEvent, "time" | "device" | "who" | "destination">;
type Outcome = Pick<PrivateConnectionEvent, "rule" | "tunnelId" | "connectorId"> & {
    readonly verdict: keyof typeof REPLIES;
};

/** Serves clients, each from its first byte to the end of its connection. */
export class Attendant {
    readonly #directory: PrivateNetworkDirectory;
    readonly #balancer: ConnectionBalancer;
    readonly #timeouts: PrivateTimeouts;
    readonly #log: RequestLog<PrivateConnectionEvent>;
    readonly #initialAddresses = new InitialAddresses();

    constructor({ directory, tunnelEdge, timeouts }: AttendantOptions, log: RequestLog<PrivateConnectionEvent>) {
        this.#directory = directory;
        this.#balancer = new ConnectionBalancer((tunnelId) => tunnelEdge.connectionsOf(tunnelId));
        this.#timeouts = { ...DEFAULT_TIMEOUTS, ...timeouts };
        this.#log = log;
    }

    /** Never rejects: what goes wrong ends this one connection. */
    async serve(client: Socket): Promise<void> {
        const tooSlow = setTimeout(() => client.destroy(), this.#timeouts.request);
        client.once("close", () => clearTimeout(tooSlow));
        try {
            const conversation = new SocksConversation(client);
            const from = await this.#logIn(conversation);
            if (from !== undefined) {
                const asked = await conversation.request();
                clearTimeout(tooSlow);
                await this.#answer(client, conversation, asked, from);
            }
        } catch (error) {
            client.destroy();
            if (!(error instanceof SocksProtocolError || error instanceof ConversationEndedError)) {
                const rule = `the entry failed: ${error instanceof Error ? error.message : error}`;
                const attempt = { time: new Date(), device: "", destination: "" };
                this.#record(attempt, { verdict: PrivateVerdict.Failed, rule });
            }
        }
    }

    /** The device that the client is, and the virtual network that it names; undefined for a client that was turned away. */
    async #logIn(conversation: SocksConversation): Promise<Origin | undefined> {
        const credentials = await conversation.credentials();
        if (credentials === undefined) {
            return undefined;
        }
        const [name = "", ...rest] = credentials.username.split("+");
        const device = this.#directory.authenticate(name, credentials.password);
        if (device !== undefined) {
            return { device, virtualNetwork: rest.length === 0 ? undefined : rest.join("+") };
        }
        conversation.rejectCredentials();
        const attempt = { time: new Date(), device: name, destination: "" };
        this.#record(attempt, { verdict: PrivateVerdict.Unknown, rule: "no device has this name and secret" });
        return undefined;
    }

    async #answer(client: Socket, conversation: SocksConversation, asked: SocksRequest, from: Origin): Promise<void> {
        const { name: device, email: who } = from.device;
        const destination = asked.host === undefined ? undefined : readDestination(asked.host, asked.port);
        const written = destination === undefined ? "" : formatDestination(destination);
        const attempt: Attempt = { time: new Date(), device, who, destination: written };
        const refuse = (outcome: Outcome, reply = REPLIES[outcome.verdict]) => {
            this.#record(attempt, outcome);
            conversation.refuse(reply);
        };
        if (asked.command !== Command.Connect) {
            const rule = "other than a TCP connection was asked for; UDP reaches connectors over QUIC alone";
            refuse({ verdict: PrivateVerdict.Unsupported, rule });
            return;
        }
        if (destination === undefined) {
            const rule = "the destination is no address and no host name with a port";
            refuse({ verdict: PrivateVerdict.Unsupported, rule }, Reply.AddressTypeNotSupported);
            return;
        }
        const admission = admit({ ...from, destination }, this.#directory, this.#initialAddresses);
        if (admission.kind === "refused") {
            refuse(admission);
            return;
        }
        const { tunnelId, authority, rule } = admission;
        const source = formatDestination({ host: client.remoteAddress ?? "127.0.0.1", port: client.remotePort ?? 0 });
        const opening = await openTcpStream(this.#balancer, { tunnelId, authority, source }, this.#timeouts.connect);
        if (opening.kind === "no-connector") {
            const why = `${rule}; the tunnel has no connector`;
            refuse({ verdict: PrivateVerdict.NoConnector, rule: why, tunnelId });
            return;
        }
        if (opening.kind === "unreachable") {
            const connectorId = opening.connection.connector.id;
            const why = `${rule}; ${opening.reason}`;
            refuse({ verdict: PrivateVerdict.Unreachable, rule: why, tunnelId, connectorId });
            return;
        }
        using lease = opening.lease;
        const connectorId = lease.connection.connector.id;
        this.#record(attempt, { verdict: PrivateVerdict.Connected, rule, tunnelId, connectorId });
        conversation.accept(Reply.Succeeded);
        await carry(client, opening.stream);
    }

    #record(attempt: Attempt, { verdict, rule, tunnelId, connectorId }: Omit<Outcome, "verdict"> & Verdict): void {
        const durationMs = Date.now() - attempt.time.getTime();
        this.#log.add({ ...attempt, verdict, rule, tunnelId, connectorId, durationMs });
    }
}

type Origin = Pick<PrivateRequest, "device" | "virtualNetwork">;
type Verdict = Pick<PrivateConnectionEvent, "verdict">;
