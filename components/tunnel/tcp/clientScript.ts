/** What a client container runs. */
export interface ClientScript {
    hostname: string;
    localPort: number;
    /** Files with the two halves of the service token. */
    idFile: string;
    secretFile: string;
}

/**
 * Opens the port on loopback with a service token from files, as a script for `sh -euc`.
 *
 * `cloudflared access` takes a token from flags and variables only (cloudflared, `cmd/cloudflared/access/cmd.go`). Flags stand in every list of
 * processes and a container's variables in `docker inspect`; variables that the script sets are seen by nobody but the container's own user and root.
 *
 * While another client has the port, it waits: a container with a rotated token is started before the one with the old token is removed, and
 * Docker would put a failing one off for longer and longer. The kernel's table of sockets (proc(5), `/proc/net/tcp`) has ports in hexadecimal,
 * and `0A` for one that listens.
 */
export function clientScript({ hostname, localPort, idFile, secretFile }: ClientScript): string {
    const port = localPort.toString(16).toUpperCase().padStart(4, "0");
    return [
        "told=",
        `while case "$(cat /proc/net/tcp)" in *":${port} 00000000:0000 0A"*) ;; *) false ;; esac; do`,
        `  test "$told" || echo "127.0.0.1:${localPort} is taken: waiting until whoever has it lets go" >&2`,
        "  told=yes",
        "  sleep 0.1",
        "done",
        `TUNNEL_SERVICE_TOKEN_ID="$(cat ${idFile})"`,
        `TUNNEL_SERVICE_TOKEN_SECRET="$(cat ${secretFile})"`,
        "export TUNNEL_SERVICE_TOKEN_ID TUNNEL_SERVICE_TOKEN_SECRET",
        `exec cloudflared access tcp --hostname ${hostname} --url 127.0.0.1:${localPort}`,
        "",
    ].join("\n");
}

const ID_SECRET = "access-client-id";
const SECRET_SECRET = "access-client-secret";

/**
 * Services and secrets for a Compose file of a developer or of CI: the client shares the network of the service `app`, which finds the origin on its
 * own loopback. Compose takes the token from the variables `CF_ACCESS_CLIENT_ID` and `CF_ACCESS_CLIENT_SECRET` of whoever
 * starts it, and hands it over as files.
 */
export function composeSnippet({ hostname, localPort }: { hostname: string; localPort: number }): string {
    const script = clientScript({
        hostname,
        localPort,
        idFile: `/run/secrets/${ID_SECRET}`,
        secretFile: `/run/secrets/${SECRET_SECRET}`,
    });
    // A dollar that Compose does not take for one of its own variables is written twice.
    const lines = script.trimEnd().replaceAll("$", "$$$$").split("\n");
    return `services:
  ${hostname.split(".")[0]}:
    build:
      dockerfile_inline: |
        FROM cloudflare/cloudflared:2025.2.0 AS cloudflared
        FROM busybox:1.37.0
        COPY --from=cloudflared /usr/local/bin/cloudflared /usr/local/bin/cloudflared
        COPY --from=cloudflared /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
    network_mode: service:app
    entrypoint: [sh, -euc]
    command:
      - |
${lines.map((line) => `        ${line}`).join("\n")}
    secrets: [${ID_SECRET}, ${SECRET_SECRET}]
    user: "65532:65532"
    read_only: true
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    restart: unless-stopped
secrets:
  ${ID_SECRET}:
    environment: CF_ACCESS_CLIENT_ID
  ${SECRET_SECRET}:
    environment: CF_ACCESS_CLIENT_SECRET
`;
}
