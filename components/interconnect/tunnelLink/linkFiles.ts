import { type HostFile, ownerOnly, ROOT, readable } from "../../internal/hostFile.ts";
import { NONROOT } from "../../internal/swarm.ts";
import { toYaml } from "../../internal/yaml.ts";
import { CLOUDFLARE_RANGES } from "../../tunnel/host/cloudflareRanges.ts";
import { connectionScript } from "../../tunnel/tcp/clientScript.ts";
import { guardRules } from "../host/firewall.ts";
import { proxyUnit } from "../host/units.ts";
import { clientInstance, clientSocket, TOKEN_CREDENTIAL } from "./clientUnits.ts";
import { httpClientDynamic, httpClientStatic } from "./httpProxy.ts";

/** What the files of a link's client are made from. */
export interface LinkClient {
    name: string;
    hostname: string;
    localPort: number;
    isHttp: boolean;
    folder: string;
    user: string | undefined;
    /** Absolute path of `traefik`, for HTTP. */
    executable: string;
}

/** The service token. */
export interface LinkToken {
    clientId: string;
    clientSecret: string;
}

/** What the client's machines get, and the commands that make it count. */
export interface LinkFiles {
    files: HostFile[];
    start: string;
    renew: string;
}

/** Everything but the token. */
export function linkFiles(client: LinkClient): LinkFiles {
    const { name, folder, localPort, user } = client;
    const loopback = user === undefined ? undefined : { user, ports: [localPort] };
    const firewall = readable(`${folder}/firewall.nft`, guardRules({ name, port: 0, sources: [] }, loopback));
    const { files, start, renew } = client.isHttp ? httpFiles(client, firewall.path) : tcpFiles(client, firewall.path);
    return {
        files: [firewall, ...files],
        // The firewall first: the port is never open without it.
        start: `nft -f ${firewall.path} && systemctl daemon-reload && ${start}`,
        renew,
    };
}

/** The file that has the token. */
export function tokenFile({ folder, hostname, isHttp }: LinkClient, token: LinkToken): HostFile {
    return isHttp
        ? ownerOnly(dynamicFile(folder), `${NONROOT}:${NONROOT}`, toYaml(httpClientDynamic(hostname, token)))
        : ownerOnly(tokenPath(folder), ROOT, `${token.clientId}\n${token.clientSecret}\n`);
}

function tcpFiles(client: LinkClient, firewallFile: string): LinkFiles {
    const { name, hostname, folder, localPort } = client;
    const scriptFile = `${folder}/connect.sh`;
    const units = {
        description: `Link to ${hostname}`,
        localPort,
        scriptFile,
        tokenFile: tokenPath(folder),
        firewallFile,
    };
    // systemd tells where it put the token.
    const tokenFiles = [`$CREDENTIALS_DIRECTORY/${TOKEN_CREDENTIAL}`];
    return {
        files: [
            readable(`/etc/systemd/system/sallyport-${name}.socket`, clientSocket(units)),
            readable(`/etc/systemd/system/sallyport-${name}@.service`, clientInstance(units)),
            readable(scriptFile, connectionScript({ hostname, tokenFiles })),
        ],
        start: `systemctl enable sallyport-${name}.socket && systemctl restart sallyport-${name}.socket`,
        renew: "true",
    };
}

function httpFiles(client: LinkClient, firewallFile: string): LinkFiles {
    const { name, hostname, folder, localPort, executable } = client;
    const staticFile = `${folder}/traefik.yml`;
    const unit = proxyUnit({
        description: `Link to ${hostname}`,
        folder,
        executable,
        staticFile,
        firewallFile,
        ports: [localPort],
        peers: CLOUDFLARE_RANGES,
    });
    const statics = toYaml(httpClientStatic({ hostname, localPort, dynamicFile: dynamicFile(folder) }));
    return {
        files: [readable(`/etc/systemd/system/sallyport-${name}.service`, unit), readable(staticFile, statics)],
        start: `systemctl enable sallyport-${name} && systemctl restart sallyport-${name}`,
        renew: `systemctl reload sallyport-${name}`,
    };
}

function tokenPath(folder: string): string {
    return `${folder}/service-token`;
}

function dynamicFile(folder: string): string {
    return `${folder}/dynamic.yml`;
}
