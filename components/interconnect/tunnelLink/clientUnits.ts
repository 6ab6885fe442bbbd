import { WITHOUT_ACCOUNT } from "../../internal/sandbox.ts";
import { CLOUDFLARE_RANGES } from "../../tunnel/host/cloudflareRanges.ts";

/** What the units of a link's client are made from. */
export interface ClientUnits {
    description: string;
    localPort: number;
    /** Script that carries one connection. */
    scriptFile: string;
    tokenFile: string;
    firewallFile: string;
}

/** Name under which systemd hands the token over. */
export const TOKEN_CREDENTIAL = "service-token";

const MAX_CONNECTIONS = 200;

/** systemd itself has the port, on loopback, and starts a client for each connection (`systemd.socket`, `Accept=`): a renewed token counts from the next one on. */
export function clientSocket({ description, localPort, firewallFile }: ClientUnits): string {
    return [
        "[Unit]",
        `Description=${description}`,
        "",
        "[Socket]",
        `ExecStartPre=/usr/sbin/nft -f ${firewallFile}`,
        `ListenStream=127.0.0.1:${localPort}`,
        "Accept=yes",
        `MaxConnections=${MAX_CONNECTIONS}`,
        "",
        "[Install]",
        "WantedBy=sockets.target",
        "",
    ].join("\n");
}

/** One connection: the token is a file that only this unit sees, and the kernel holds the client to Cloudflare's edge and the machine's own resolver. */
export function clientInstance({ description, scriptFile, tokenFile }: ClientUnits): string {
    return [
        "[Unit]",
        `Description=${description}`,
        "CollectMode=inactive-or-failed",
        "",
        "[Service]",
        `ExecStart=/bin/sh -eu ${scriptFile}`,
        "StandardInput=socket",
        "StandardOutput=socket",
        "StandardError=journal",
        `LoadCredential=${TOKEN_CREDENTIAL}:${tokenFile}`,
        "",
        "IPAddressDeny=any",
        "IPAddressAllow=localhost",
        ...CLOUDFLARE_RANGES.map((range) => `IPAddressAllow=${range}`),
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
        "SocketBindDeny=any",
        "SocketBindAllow=udp",
        "",
        ...WITHOUT_ACCOUNT,
        "MemoryMax=128M",
        "TasksMax=64",
        "",
    ].join("\n");
}
