import { composeSnippet, connectionString, sshConfigLines, TcpProtocol } from "../../stacks/config/values.ts";
import type { Mistakes } from "../mistakes.ts";
import type { WantedApp } from "./request.ts";

/** What to give to a client of an app's local port: a URL or a command, never with a password. */
export function clientsWord({ protocol, hostname }: WantedApp, localPort: number): string {
    // Through a port of this machine, ssh needs nothing of cloudflared.
    return protocol === TcpProtocol.Ssh
        ? `ssh -p ${localPort} USER@127.0.0.1`
        : connectionString({ protocol, hostname, localPort });
}

/** What clients connect with while `sallyport connect` runs. A port that is taken by then is another one, and is said. */
export function connectionStrings(apps: readonly WantedApp[], mistakes: Mistakes): string {
    return apps.map((app) => `${clientsWord(app, portFor(app, mistakes))}\n`).join("");
}

/** Part of a Compose file that does the same as `sallyport connect` with a service token, beside a service `app`. */
export function compose(apps: readonly WantedApp[], mistakes: Mistakes): string {
    mistakes.add("--print compose", apps.length > 1 ? "prints one app; ask for each of them by itself" : undefined);
    return apps.map((app) => composeSnippet({ hostname: app.hostname, localPort: portFor(app, mistakes) })).join("");
}

/** The port that is tried first. */
function portFor({ name, exactPort, usualPort }: WantedApp, mistakes: Mistakes): number {
    const port = exactPort ?? usualPort;
    mistakes.add(name, port === undefined ? `has no usual port; choose one: --local ${name}=PORT` : undefined);
    return port ?? 0;
}

/**
 * Lines for `~/.ssh/config`, with which ssh itself starts cloudflared: no local port, and nothing to keep running.
 *
 * @param executable the `cloudflared` to name there.
 */
export function sshConfig(apps: readonly WantedApp[], executable: string, mistakes: Mistakes): string {
    mistakes.add(
        "SALLYPORT_HOME",
        /\s/.test(executable)
            ? `"${executable}" has a space, which ssh takes for an end; set a path without one`
            : undefined,
    );
    return apps
        .map(({ hostname, protocol, shortLivedCertificates }) =>
            sshConfigLines(hostname, protocol === TcpProtocol.Ssh && shortLivedCertificates, executable),
        )
        .join("");
}
