import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { CloudflareEdge, CloudflareEdgeOptions } from "../../emulator/edge/index.ts";
import type { CloudflareEmulator } from "../../emulator/index.ts";
import { endAsked } from "../endAsked.ts";
import { CommandError, Exit } from "../exit.ts";
import { writePrivate } from "../local/files.ts";
import { lineLog } from "../ui/log.ts";
import { printJson } from "../ui/table.ts";
import { collect, portNumber } from "./values.ts";

interface Options {
    port?: number;
    network?: string;
    state?: string;
    tokenFile?: string;
    account?: string;
    zone: string[];
    team?: string;
    edge: string[];
    https: string;
    teamProxy?: string;
    privateNetwork?: string;
    edgeState?: string;
    describeTo?: string;
    json: boolean;
}

/** `sallyport emulator`: the Cloudflare emulator alone, for any client that takes a base URL. */
export function emulatorCommand(): Command {
    return new Command("emulator")
        .description(
            "the Cloudflare emulator alone: API on loopback and, where addresses are given, the edge that cloudflared dials",
        )
        .option("--port <n>", "port of the API on 127.0.0.1; any free one where omitted", portNumber)
        .option("--network <cidr>", "in a container: private range of a network in which the API listens as well")
        .option("--state <file>", "keep the data in this file; in memory only where omitted")
        .option("--token-file <file>", "file with the API token to accept; a random one where omitted")
        .option("--account <id>", "id of the account, 32 hexadecimal characters")
        .option("--zone <name>", "zone of the account; may be given several times", collect, [])
        .option("--team <name>", "first label of the Access team domain")
        .option("--edge <host:port>", "address for connectors; may be given several times", collect, [])
        .option("--https <host:port>", "where the edge takes requests for hostnames, on loopback", "127.0.0.1:8443")
        .option(
            "--team-proxy <host:port>",
            "HTTPS_PROXY of connectors that check tokens: it leads to the team's keys, and to nothing else",
        )
        .option(
            "--private-network <host:port>",
            "where registered devices enter private networks, a SOCKS5 server on loopback",
        )
        .option(
            "--edge-state <folder>",
            "keep the edge's CA and keys in this folder; new ones at each start where omitted",
        )
        .option("--describe-to <file>", "also write the description to this file")
        .option("--json", "print the description as one JSON document", false)
        .addHelpText(
            "after",
            "\nExample:\n  npx sallyport emulator --port 8787 --state cloudflare.json --zone example.com",
        )
        .action(run);
}

async function run(options: Options): Promise<void> {
    if (options.privateNetwork !== undefined && options.edge.length === 0) {
        throw new CommandError(
            Exit.usage,
            "--private-network: there is no edge for connectors",
            "give an address for them as well, for example --edge 127.0.0.1:7844",
        );
    }
    const { CloudflareEmulator, EmulatorError } = await import("../../emulator/index.ts");
    const { AccessStateError, CertificateAuthorityError, EdgeAddressError, EdgeListenError } = await import(
        "../../emulator/edge/index.ts"
    );
    const told = [EmulatorError, EdgeAddressError, EdgeListenError, CertificateAuthorityError, AccessStateError];
    const apiToken = options.tokenFile === undefined ? undefined : readToken(options.tokenFile);
    try {
        await using emulator = await CloudflareEmulator.start({
            port: options.port,
            network: options.network,
            stateFile: options.state,
            apiToken,
            accountId: options.account,
            zones: options.zone.map((name) => ({ name })),
            team: options.team,
        });
        await using edge = options.edge.length === 0 ? undefined : await startEdge(emulator, options);
        if (edge !== undefined) {
            emulator.attachEdge(edge.public);
        }
        if (edge?.privateNetwork !== undefined) {
            emulator.attachPrivateConnections(edge.privateNetwork);
        }
        const description = {
            pid: process.pid,
            apiBaseUrl: emulator.apiBaseUrl,
            accountId: emulator.accountId,
            edge: options.edge,
            ...(edge === undefined
                ? {}
                : {
                      https: edge.public.address,
                      statusPage: edge.statusPage,
                      edgeCaPem: edge.caPem,
                      teamProxy: edge.teamProxy,
                      privateNetwork: edge.privateNetwork?.address,
                  }),
        };
        if (options.describeTo !== undefined) {
            writePrivate(options.describeTo, `${JSON.stringify(description)}\n`);
        }
        announce(description, apiToken === undefined ? emulator.apiToken : undefined, options.json);
        await endAsked();
    } catch (error) {
        if (error instanceof Error && told.some((kind) => error instanceof kind)) {
            throw new CommandError(Exit.failed, error.message, undefined, { cause: error });
        }
        throw error;
    }
}

type EdgeAccount = CloudflareEdgeOptions["account"] & Pick<CloudflareEmulator, "privateNetwork">;

/** The edge, with a line in the log for everything that happens at it. */
async function startEdge(account: EdgeAccount, options: Options): Promise<CloudflareEdge> {
    const { CloudflareEdge } = await import("../../emulator/edge/index.ts");
    const edge = await CloudflareEdge.start({
        account,
        team: options.team ?? "sallyport",
        connectors: options.edge,
        https: options.https,
        teamProxy: options.teamProxy,
        privateNetwork:
            options.privateNetwork === undefined
                ? undefined
                : {
                      address: options.privateNetwork,
                      directory: account.privateNetwork,
                  },
        stateDir: options.edgeState,
    });
    const log = lineLog();
    edge.tunnels.on("connected", ({ tunnelId, originIp }) =>
        log(`connector of tunnel ${tunnelId} connected from ${originIp}`),
    );
    edge.tunnels.on("disconnected", ({ connection, reason }) =>
        log(`connector of tunnel ${connection.tunnelId} disconnected: ${reason}`),
    );
    edge.tunnels.on("refused", ({ tunnelId, originIp, cause }) =>
        log(`connector of tunnel ${tunnelId} from ${originIp} refused: ${cause}`),
    );
    edge.tunnels.on("failed", ({ originIp, reason }) => log(`connection from ${originIp} turned away: ${reason}`));
    edge.public.on("request", ({ ray, method, hostname, path, status, verdict, who, rule }) =>
        log(`${ray} ${method} ${hostname}${path} ${status}: ${verdict}${who === undefined ? "" : ` ${who}`}, ${rule}`),
    );
    edge.privateNetwork?.onConnection(({ device, who = "nobody known", destination, verdict, rule }) =>
        log(`private network: ${device} (${who}) to ${destination}: ${verdict}, ${rule}`),
    );
    for (const listener of [edge.public, edge.teamDomain]) {
        listener?.on("failed", ({ ray, error }) =>
            log(`${ray} failed: ${error instanceof Error ? error.stack : error}`),
        );
    }
    return edge;
}

/** A token that the emulator made is shown once; one that came from a file is known to whoever needs it. */
function announce(
    description: {
        apiBaseUrl: string;
        accountId: string;
        edge: string[];
        https?: string;
        statusPage?: string;
        privateNetwork?: string;
        edgeCaPem?: string;
    },
    apiToken: string | undefined,
    json: boolean,
): void {
    if (json) {
        printJson({ ...description, ...(apiToken === undefined ? {} : { apiToken }) });
        return;
    }
    const { apiBaseUrl, accountId, edge, https, statusPage, privateNetwork, edgeCaPem } = description;
    const lines = [
        `CLOUDFLARE_BASE_URL=${apiBaseUrl}`,
        `CLOUDFLARE_ACCOUNT_ID=${accountId}`,
        ...(apiToken === undefined ? [] : [`CLOUDFLARE_API_TOKEN=${apiToken}`]),
        ...(edge.length === 0 ? [] : [`TUNNEL_EDGE=${edge.join(",")}`]),
        ...(https === undefined ? [] : [`SALLYPORT_HTTPS=${https}`]),
        ...(statusPage === undefined ? [] : [`SALLYPORT_STATUS_PAGE=${statusPage}`]),
        ...(privateNetwork === undefined ? [] : [`SALLYPORT_PRIVATE_NETWORK=${privateNetwork}`]),
        ...(edgeCaPem === undefined ? [] : [edgeCaPem.trimEnd()]),
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
}

function readToken(file: string): string {
    try {
        return readFileSync(file, "utf8").trim();
    } catch (error) {
        throw new CommandError(
            Exit.usage,
            `--token-file: "${file}" cannot be read`,
            "write the path of a file that holds the token",
            { cause: error },
        );
    }
}
