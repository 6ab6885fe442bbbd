import { CommandError, Exit } from "../exit.ts";
import { preferredPort } from "./localPorts.ts";
import type { WantedApp } from "./request.ts";

/** What a client is given to connect with while `sallyport connect` runs. A port that is taken by then is another one, and is said. */
export function connectionStrings(apps: readonly WantedApp[]): string {
    return apps
        .map(({ protocol, exactPort: exact, usualPort: usual }) => {
            const port = preferredPort({ exact, usual });
            if (port === undefined) {
                throw new CommandError(
                    Exit.usage,
                    "--print connection-string: a plain hostname has no usual port; choose one: --local NAME=PORT",
                );
            }
            return protocol.connectionString(port);
        })
        .join("\n");
}

/**
 * Lines for `~/.ssh/config`, with which ssh itself starts cloudflared: no local port, and nothing to keep running.
 *
 * @param executable the `cloudflared` to name there.
 */
export function sshConfig(apps: readonly WantedApp[], executable: string): string {
    const command = /[\s"]/.test(executable) ? `"${executable.replaceAll('"', '\\"')}"` : executable;
    return apps
        .map(({ hostname }) => `Host ${hostname}\n  ProxyCommand ${command} access ssh --hostname %h`)
        .join("\n");
}
