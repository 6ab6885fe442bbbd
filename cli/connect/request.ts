import type { Server } from "node:net";
import { hostnameProblem, PROTOCOLS, TcpProtocol, usualLocalPort } from "../../stacks/config/values.ts";
import type { Mistakes } from "../mistakes.ts";
import { type Catalogue, HTTP, portOf } from "./catalogue.ts";
import { listenNear } from "./localPorts.ts";

/** An app that is to have a local port. */
export interface WantedApp {
    /** As the user typed it: a name of the catalogue, or a hostname. */
    readonly name: string;
    readonly hostname: string;
    readonly protocol: TcpProtocol;
    /** Whether Access signs certificates for it; of SSH alone. */
    readonly shortLivedCertificates: boolean;
    /** Local port that is tried first. */
    readonly usualPort: number | undefined;
    /** Local port that was asked for. */
    readonly exactPort: number | undefined;
}

/** What is asked for on the command line, found in the catalogue. A name with a dot that is not in it is a hostname. */
export function wantedApps(
    names: readonly string[],
    localPorts: ReadonlyMap<string, number>,
    { apps, edge }: Catalogue,
    mistakes: Mistakes,
): WantedApp[] {
    for (const name of localPorts.keys()) {
        mistakes.add(
            `--local ${name}`,
            names.includes(name) ? undefined : `"${name}" is not among the names to connect to`,
        );
    }
    const ports = [...localPorts.values()];
    for (const port of new Set(ports.filter((port, index) => ports.indexOf(port) < index))) {
        mistakes.add("--local", `port ${port} is there twice; write another port for one of the two`);
    }
    return [...new Set(names)].flatMap((name): WantedApp[] => {
        const exactPort = localPorts.get(name);
        const app = apps.find((candidate) => candidate.name === name || candidate.hostname === name);
        if (app === undefined) {
            const problem = name.includes(".") ? hostnameProblem(name, { wildcard: false }) : unknownName(name, apps);
            mistakes.add(name, problem);
            const plain = { protocol: TcpProtocol.Tcp, shortLivedCertificates: false, usualPort: undefined };
            return problem === undefined ? [{ name, hostname: name, exactPort, ...plain }] : [];
        }
        const { hostname, protocol, port, shortLivedCertificates = true } = app;
        if (protocol === HTTP) {
            const host = edge === undefined ? hostname : `${hostname}:${portOf(edge)}`;
            mistakes.add(name, `is a web application; open https://${host} in a browser`);
            return [];
        }
        const own = PROTOCOLS[protocol].port;
        const usualPort = port ?? (own && usualLocalPort(own));
        return [{ name, hostname, protocol, shortLivedCertificates, usualPort, exactPort }];
    });
}

function unknownName(name: string, apps: Catalogue["apps"]): string {
    const names = apps.filter(({ protocol }) => protocol !== HTTP).map((app) => app.name);
    const known = names.length === 0 ? "there is none that takes a local port" : `write one of ${names.join(", ")}`;
    return `"${name}" is not an app of the environment; ${known}, or a public hostname`;
}

/** Takes a local port for each app. Exact ones come first: no neighbour may have them in the meantime. */
export async function takePorts(apps: readonly WantedApp[], mistakes: Mistakes): Promise<Map<WantedApp, Server>> {
    const servers = new Map<WantedApp, Server>();
    for (const app of apps.toSorted((a, b) => Number(b.exactPort !== undefined) - Number(a.exactPort !== undefined))) {
        const server = await listenNear({ exact: app.exactPort, usual: app.usualPort });
        if (server === undefined) {
            const where =
                app.exactPort === undefined
                    ? "no local port is free"
                    : `port ${app.exactPort} of 127.0.0.1 cannot be had`;
            mistakes.add(app.name, `${where}; write another one: --local ${app.name}=PORT, or end what listens there`);
        } else {
            servers.set(app, server);
        }
    }
    return servers;
}
