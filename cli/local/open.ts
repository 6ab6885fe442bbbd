import type { AppConfig } from "../../stacks/config/environment.ts";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { tcpOf } from "../../stacks/config/tcp.ts";
import { CommandError, Exit } from "../exit.ts";
import { projectDir } from "../project.ts";
import { runningEmulator } from "./emulatorProcess.ts";
import { localFiles } from "./files.ts";

/** Name under which the status page is opened. */
const STATUS = "status";

/** What can be opened: the URL of each name. */
export type Addresses = ReadonlyMap<string, string>;

/**
 * The local environment's pages by name: the status page as `status`, each app that a browser can show by its name and its hostname.
 *
 * @param edge where the edge takes requests, and its status page.
 */
export function addressesOf(apps: readonly AppConfig[], edge: { https: string; statusPage: string }): Addresses {
    const port = edge.https.split(":").at(-1);
    const shown = apps.filter((app) => {
        const tcp = tcpOf(app);
        return (tcp === undefined || tcp.browserRendered === true) && !app.hostname.startsWith("*");
    });
    const urls = shown.map(({ name, hostname, path = "/" }) => ({
        name,
        hostname,
        url: `https://${hostname}:${port}${path}`,
    }));
    // Later ones count: an app's name for more than a hostname, and of several apps on one hostname the first.
    return new Map([
        ...urls.toReversed().map(({ hostname, url }) => [hostname, url] as const),
        [STATUS, edge.statusPage],
        ...urls.map(({ name, url }) => [name, url] as const),
    ]);
}

/** The URL that a name stands for. @throws CommandError with the names that there are. */
export function addressOf(name: string, addresses: Addresses): string {
    const url = addresses.get(name);
    if (url === undefined) {
        throw new CommandError(
            Exit.usage,
            `"${name}" is no page of the local environment`,
            `write one of ${[...addresses.keys()].sort().join(", ")}`,
        );
    }
    return url;
}

/** Whether this machine can show a browser's window: on Linux somebody must say on which display. */
export function hasDisplay(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean {
    const isUnixDesktop = platform !== "darwin" && platform !== "win32";
    return !isUnixDesktop || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME);
}

/** What `localOpen` did. */
export interface Opened {
    readonly url: string;
    /** Why no browser shows it; undefined where one does. */
    readonly obstacle: string | undefined;
    /** The CA that the browser must trust, a PEM file. */
    readonly ca: string;
}

/** Opens an app, or the status page where no name is given, in the user's browser. @throws CommandError */
export async function localOpen(name: string | undefined): Promise<Opened> {
    const emulator = await runningEmulator();
    if (emulator === undefined) {
        throw new CommandError(Exit.failed, "the local environment is not running", "start it with `npm run local`");
    }
    const { apps } = readStackFile(projectDir, LOCAL_STACK, { environment: {}, readEmulator: false });
    const url = name === undefined ? emulator.statusPage : addressOf(name, addressesOf(apps, emulator));
    const obstacle = hasDisplay(process.platform, process.env) ? await launch(url) : "there is no display here";
    return { url, obstacle, ca: localFiles.edgeCa };
}

/** Starts the user's browser. @returns why that cannot be; whoever asked opens the URL by hand then. */
async function launch(url: string): Promise<string | undefined> {
    const { default: open } = await import("open");
    try {
        await open(url);
        return undefined;
    } catch (error) {
        return `no browser could be started (${error instanceof Error ? error.message : error})`;
    }
}
