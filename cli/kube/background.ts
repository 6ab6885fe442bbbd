import { join } from "node:path";
import { isSea } from "node:sea";
import { Background } from "../processes/background.ts";
import { cliProgram, projectDir } from "../project.ts";
import { kubeFolder, runningSessions, type SessionRecord } from "./session/records.ts";

/** The one session of a user that goes on without a terminal: started by the first `connect --detach`, and over with its last cluster. */
function backgroundSession(): Background {
    return new Background({
        name: "the session in the background",
        record: join(kubeFolder(), "background.pid.json"),
        log: join(kubeFolder(), "background.log"),
    });
}

/** The session in the background, started if need be. @throws CommandError with its last words where it does not come up */
export async function ensureBackgroundSession(): Promise<SessionRecord> {
    const running = () => runningSessions().find(({ background }) => background);
    const program = isSea() ? [] : [cliProgram];
    const launch = {
        command: process.execPath,
        args: [...program, "kube", "session"],
        // Which stacks it looks for clusters in goes by where it stands.
        cwd: isSea() ? kubeFolder() : projectDir,
        env: environment(),
    };
    return running() ?? (await backgroundSession().ensure(launch, async () => running()));
}

/** Without service tokens: the session has them from whoever asks it to open a cluster. */
function environment(): Record<string, string> {
    const kept = [
        "HOME",
        "PATH",
        "SALLYPORT_HOME",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "NO_PROXY",
        "https_proxy",
        "http_proxy",
        "no_proxy",
    ];
    const ofDesktop = [
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "XAUTHORITY",
        "XDG_RUNTIME_DIR",
        "XDG_CONFIG_HOME",
        "DBUS_SESSION_BUS_ADDRESS",
    ];
    return Object.fromEntries(
        [...kept, ...ofDesktop].flatMap((name): [string, string][] => {
            const value = process.env[name];
            return value === undefined ? [] : [[name, value]];
        }),
    );
}
