import type * as pulumi from "@pulumi/pulumi";
import { TcpApp, ZeroTrustApp } from "../components/index.ts";
import type { AppConfig } from "./config/environment.ts";
import { tcpOf } from "./config/tcp.ts";

/** What the guard of an app takes that the app itself does not say. */
export interface GuardArgs {
    accountId: string;
    policyIds: pulumi.Output<string[]>;
    applicationName: string;
}

/** What stands before an app: for databases and the like with what their clients need to know. */
export type Guard = ZeroTrustApp | TcpApp;

/** The Access application before an app: a {@link TcpApp} where the origin speaks TCP, else a {@link ZeroTrustApp}. */
export function guardOf(app: AppConfig, args: GuardArgs, opts: pulumi.ComponentResourceOptions): Guard {
    const { name, hostname, path, sessionDuration } = app;
    const tcp = tcpOf(app);
    if (tcp === undefined) return new ZeroTrustApp(name, { ...args, hostname, path, sessionDuration }, opts);
    return new TcpApp(name, { ...args, hostname, sessionDuration, ...tcp }, opts);
}

/** How each TCP app is reached from a laptop, by name of the app. */
export function clientsOf(guards: ReadonlyMap<string, Guard>) {
    const tcp = [...guards].filter((entry): entry is [string, TcpApp] => entry[1] instanceof TcpApp);
    return Object.fromEntries(
        tcp.map(([name, app]) => [
            name,
            {
                command: app.clientCommand,
                connectionString: app.connectionString,
                composeSnippet: app.composeSnippet,
                sshConfig: app.sshConfig,
                sshCaPublicKey: app.sshCaPublicKey,
                sshdConfig: app.sshdConfig,
            },
        ]),
    );
}
