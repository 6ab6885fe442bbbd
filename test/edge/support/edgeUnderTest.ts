import {
    type CertificateAuthority,
    type SessionTimeouts,
    TunnelEdge,
    type TunnelEdgeEvents,
} from "../../../emulator/edge/index.ts";
import { REQUEST } from "./connectorMessages.ts";
import { type Endpoint, FakeConnector, type FakeConnectorOptions } from "./fakeConnector.ts";
import { MemoryDirectory } from "./memoryDirectory.ts";

export const TUNNEL_ID = REQUEST.tunnelId;

export interface EdgeUnderTestOptions {
    readonly isRemotelyManaged?: boolean;
    readonly timeouts?: Partial<SessionTimeouts>;
    readonly addresses?: readonly string[];
    readonly certificateAuthority?: CertificateAuthority;
    /** One that is filled in already, in place of a new one. */
    readonly directory?: MemoryDirectory;
}

/** An edge on loopback whose directory knows one tunnel: that of `REQUEST`. */
export class EdgeUnderTest implements AsyncDisposable {
    readonly edge: TunnelEdge;
    readonly directory: MemoryDirectory;

    static async start(options: EdgeUnderTestOptions = {}): Promise<EdgeUnderTest> {
        const directory = options.directory ?? directoryOfOneTunnel(options.isRemotelyManaged ?? true);
        const { timeouts, certificateAuthority, addresses = ["127.0.0.1:0"] } = options;
        const edge = await TunnelEdge.start({ addresses, directory, timeouts, certificateAuthority });
        return new EdgeUnderTest(edge, directory);
    }

    private constructor(edge: TunnelEdge, directory: MemoryDirectory) {
        this.edge = edge;
        this.directory = directory;
    }

    /** Where connectors connect to; the first address. */
    get endpoint(): Endpoint {
        return { address: this.edge.addresses[0] ?? "", caPem: this.edge.caPem };
    }

    connect(options?: FakeConnectorOptions): Promise<FakeConnector> {
        return FakeConnector.connect(this.endpoint, options);
    }

    /** Connects and waits until the edge has registered the connection. */
    async register(options?: FakeConnectorOptions) {
        const connected = this.next("connected");
        const connector = await this.connect(options);
        return { connector, connection: await connected };
    }

    /** The next event of a kind; to be called before what causes it. */
    next<Name extends keyof TunnelEdgeEvents>(name: Name): Promise<TunnelEdgeEvents[Name]> {
        return new Promise((resolve) => {
            const unsubscribe = this.edge.on(name, (detail) => {
                unsubscribe();
                resolve(detail);
            });
        });
    }

    /** The tunnel's connectors as the directory was told. */
    get published() {
        return this.directory.published.get(TUNNEL_ID) ?? [];
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.edge[Symbol.asyncDispose]();
    }
}

function directoryOfOneTunnel(isRemotelyManaged: boolean): MemoryDirectory {
    const directory = new MemoryDirectory();
    directory.addTunnel(TUNNEL_ID, {
        accountTag: REQUEST.accountTag,
        secret: REQUEST.tunnelSecret,
        isRemotelyManaged,
    });
    return directory;
}
