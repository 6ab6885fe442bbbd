import type { TcpProtocol } from "../../validation/index.ts";

/** What somebody on a laptop has to know of a TCP application. */
export interface TcpEndpoint {
    hostname: string;
    protocol: TcpProtocol;
    /** Port that is opened on loopback. */
    localPort: number;
}

/** What a connection string looks like, with `USER` and the like to fill in; never with a password. */
const FORMS: Readonly<Record<TcpProtocol, (address: string, hostname: string) => string>> = {
    postgresql: (address) => `postgresql://USER@${address}/DATABASE`,
    mysql: (address) => `mysql://USER@${address}/DATABASE`,
    redis: (address) => `redis://${address}/0`,
    ssh: (_, hostname) => `ssh USER@${hostname}`,
    rdp: (address) => address,
    smb: (address) => `smb://USER@${address}/SHARE`,
    vnc: (address) => `vnc://${address}`,
    tcp: (address) => address,
};

/** Ports below are the system's; a client's goes so much higher. */
const FIRST_UNPRIVILEGED_PORT = 1024;
const ABOVE_PRIVILEGED_PORTS = 10_000;

/** The port that is opened on loopback unless another one is asked for: the origin's own, where a user may open it. */
export function usualLocalPort(port: number): number {
    return port < FIRST_UNPRIVILEGED_PORT ? port + ABOVE_PRIVILEGED_PORTS : port;
}

/** What a client is given once the local port is open. SSH needs none: it starts `cloudflared` by itself. */
export function connectionString({ protocol, hostname, localPort }: TcpEndpoint): string {
    return FORMS[protocol](`127.0.0.1:${localPort}`, hostname);
}

/** The command that opens a port on loopback and asks for a login in the browser. */
export function clientCommand({ hostname, localPort }: TcpEndpoint): string {
    return `cloudflared access tcp --hostname ${hostname} --url 127.0.0.1:${localPort}`;
}

/**
 * Lines for `~/.ssh/config`, as `cloudflared access ssh-config` prints them (cloudflared, `cmd/cloudflared/access/cmd.go`). With
 * short-lived certificates the key and the certificate are made at each login, so that nobody keeps a key.
 *
 * @param cloudflared the program to start, a name on PATH or a path without spaces.
 */
export function sshConfigLines(hostname: string, shortLivedCertificates: boolean, cloudflared = "cloudflared"): string {
    const proxy = `  ProxyCommand ${cloudflared} access ssh --hostname %h`;
    const lines = shortLivedCertificates
        ? [
              `Match host ${hostname} exec "${cloudflared} access ssh-gen --hostname %h"`,
              proxy,
              "  IdentityFile ~/.cloudflared/%h-cf_key",
              "  CertificateFile ~/.cloudflared/%h-cf_key-cert.pub",
          ]
        : [`Host ${hostname}`, proxy];
    return `${lines.join("\n")}\n`;
}

/** Where the server keeps the public key of the application's certificate authority. */
export const SSH_CA_PATH = "/etc/ssh/cloudflare-access-ca.pub";

/**
 * Lines for the server's `sshd_config`, with which it takes the certificates and no password. The principal of a certificate is the
 * part of the e-mail address before the `@`, so people log in under that name unless `AuthorizedPrincipalsFile` says otherwise.
 */
export const SSHD_CONFIG_LINES = [
    "PubkeyAuthentication yes",
    `TrustedUserCAKeys ${SSH_CA_PATH}`,
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "",
].join("\n");
