/** What a client container runs. */
export interface ClientContainer {
    hostname: string;
    localPort: number;
    /** The service token: a file with its two halves on a line each, or one file for either half. */
    tokenFiles: readonly string[];
    /** How many connections are open at once; more of them wait. */
    maxConnections: number;
}

/** How many connections are open at once unless something else is asked for, as for busybox's own `tcpsvd`. */
export const USUAL_CONNECTIONS = 30;

/**
 * Entry point and arguments that open the port on loopback, for a container with `cloudflared` and busybox.
 *
 * `tcpsvd` owns the port and starts a `cloudflared access` for each connection, which reads the token then: a renewed token counts from the next
 * connection on, the port is never let go, and whoever is connected stays so. A `cloudflared` that owned the port itself would have to end for that:
 * it reads its token once, as it starts (cloudflared, `cmd/cloudflared/access/carrier.go`).
 */
export function clientContainerCommand(client: ClientContainer): { entrypoints: string[]; command: string[] } {
    // The connection's script is an argument of the first one, so that neither has to be quoted inside the other.
    return { entrypoints: ["sh", "-euc"], command: [listenScript(client), "client", connectionScript(client)] };
}

/**
 * Takes the port and hands each connection to the script in `$1`.
 *
 * While another client has the port, it waits: a container with another image is started before the one it replaces is removed, and
 * Docker would put a failing one off for longer and longer. The kernel's table of sockets (proc(5), `/proc/net/tcp`) has ports in hexadecimal,
 * and `0A` for one that listens.
 */
function listenScript({ localPort, maxConnections }: ClientContainer): string {
    const port = localPort.toString(16).toUpperCase().padStart(4, "0");
    return lines(
        "told=",
        `while case "$(cat /proc/net/tcp)" in *":${port} 00000000:0000 0A"*) ;; *) false ;; esac; do`,
        `  test "$told" || echo "127.0.0.1:${localPort} is taken: waiting until whoever has it lets go" >&2`,
        "  told=yes",
        "  sleep 0.1",
        "done",
        `exec tcpsvd -c ${maxConnections} 127.0.0.1 ${localPort} sh -euc "$1"`,
    );
}

/**
 * Carries one connection, which is its standard input and output.
 *
 * `cloudflared access` takes a token from flags and variables only (cloudflared, `cmd/cloudflared/access/cmd.go`). Flags stand in every list of
 * processes and a container's variables in `docker inspect`; variables that the script sets are seen by nobody but the container's own user and root.
 * A file that is being replaced is missing or empty for a moment, so a token that is not whole is looked for again.
 * Over standard output `cloudflared` keeps its log to itself; what it writes into a folder is told once the connection is over.
 */
export function connectionScript({ hostname, tokenFiles }: Pick<ClientContainer, "hostname" | "tokenFiles">): string {
    const files = tokenFiles.join(" ");
    return lines(
        "tries=0",
        "until {",
        "    IFS= read -r TUNNEL_SERVICE_TOKEN_ID && IFS= read -r TUNNEL_SERVICE_TOKEN_SECRET &&",
        '    test "$TUNNEL_SERVICE_TOKEN_SECRET"',
        "} <<end",
        `$(for file in ${files}; do cat "$file" && echo; done 2>/dev/null)`,
        "end",
        "do",
        "  tries=$((tries + 1))",
        `  test "$tries" -lt 50 || { echo "there is no whole service token in ${files}" >&2; exit 1; }`,
        "  sleep 0.1",
        "done",
        "export TUNNEL_SERVICE_TOKEN_ID TUNNEL_SERVICE_TOKEN_SECRET",
        'log="$(mktemp -d)"',
        'trap \'cat "$log"/* >&2 2>/dev/null; rm -r "$log"\' EXIT',
        `cloudflared access tcp --hostname ${hostname} --log-directory "$log"`,
    );
}

function lines(...script: string[]): string {
    return `${script.join("\n")}\n`;
}

const ID_SECRET = "access-client-id";
const SECRET_SECRET = "access-client-secret";

/**
 * Services and secrets for a Compose file of a developer or of CI: the client shares the network of the service `app`, which finds the origin on its
 * own loopback. Compose takes the token from the variables `CF_ACCESS_CLIENT_ID` and `CF_ACCESS_CLIENT_SECRET` of whoever
 * starts it, and hands it over as files.
 */
export function composeSnippet({ hostname, localPort }: { hostname: string; localPort: number }): string {
    const tokenFiles = [ID_SECRET, SECRET_SECRET].map((secret) => `/run/secrets/${secret}`);
    const { entrypoints, command } = clientContainerCommand({
        hostname,
        localPort,
        tokenFiles,
        maxConnections: USUAL_CONNECTIONS,
    });
    return `services:
  ${hostname.split(".")[0]}:
    build:
      dockerfile_inline: |
        FROM cloudflare/cloudflared:2025.2.0 AS cloudflared
        FROM busybox:1.37.0
        COPY --from=cloudflared /usr/local/bin/cloudflared /usr/local/bin/cloudflared
        COPY --from=cloudflared /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
    network_mode: service:app
    entrypoint: [${entrypoints.join(", ")}]
    command:
${command.map(composeText).join("\n")}
    secrets: [${ID_SECRET}, ${SECRET_SECRET}]
    user: "65532:65532"
    read_only: true
    tmpfs: [/tmp]
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

/** A text of one line or more as an entry of `command`. A dollar that Compose does not take for one of its own variables is written twice. */
function composeText(text: string): string {
    if (!text.includes("\n")) return `      - ${text}`;
    const indented = text
        .trimEnd()
        .split("\n")
        .map((line) => `        ${line}`);
    return ["      - |", ...indented].join("\n").replaceAll("$", "$$$$");
}
