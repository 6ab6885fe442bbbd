import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectDir } from "../project.ts";

/** Everything that the local environment keeps on disk; `local down` removes the folder. */
const root = join(projectDir, ".sallyport", "local");

export const localFiles = {
    root,
    /** Pulumi's state, a file backend. */
    state: join(root, "state"),
    /** Opens the secrets in the state; random, made once. */
    passphrase: join(root, "passphrase"),
    /** Bearer token of the emulated API; random, made once. */
    apiToken: join(root, "api-token"),
    /** The project as the engine sees it, with a stack file that it may write to. */
    project: join(root, "project"),
    /** What the stack learns of the emulator; `sallyport:emulator` names it. */
    emulator: join(root, "emulator.json"),
    /** The emulator's own data: API objects, and the CA of its edge. */
    emulatorState: join(root, "emulator-state.json"),
    edge: join(root, "edge"),
    /** What the emulator says of itself while it runs. */
    emulatorProcess: join(root, "emulator-process.json"),
    emulatorRecord: join(root, "emulator.pid.json"),
    emulatorLog: join(root, "emulator.log"),
    /** Without Docker: the connector and the demo service, processes of this machine. */
    connectorRecord: join(root, "connector.pid.json"),
    connectorLog: join(root, "connector.log"),
    /** The tunnel's credentials, for the connector alone to read. */
    connectorCredentials: join(root, "connector-credentials.json"),
    connectorConfig: join(root, "connector.yml"),
    /** Port of its metrics on loopback. */
    connectorMetrics: join(root, "connector-metrics"),
    demoRecord: join(root, "demo.pid.json"),
    demoLog: join(root, "demo.log"),
    /** What the demo service says of itself while it runs, and the port that it takes again. */
    demoProcess: join(root, "demo-process.json"),
    /** CA that verifies the edge, as PEM. */
    edgeCa: join(root, "edge-ca.pem"),
    /** What listened on the machine before anything was started; the audit compares. */
    hostSockets: join(root, "host-sockets.json"),
    /** Held while a command changes the environment. */
    lock: join(root, "lock"),
    /** Present from the start of an update to its end; left over, it tells of an interrupted one. */
    updating: join(root, "updating"),
} as const;

/** Makes the folder, closed to other users. */
export function makeLocalRoot(): void {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    chmodSync(root, 0o700);
}

/** Writes a file that only its owner reads; a reader sees the old content or the new, never half. */
export function writePrivate(path: string, content: string): void {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const temporary = `${path}.${process.pid}`;
    writeFileSync(temporary, content, { mode: 0o600 });
    renameSync(temporary, path);
}

export function readIfThere(path: string): string | undefined {
    try {
        return readFileSync(path, "utf8");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") {
            return undefined;
        }
        throw error;
    }
}

/** The file's content, made by `create` the first time. */
export function keep(path: string, create: () => string): string {
    const present = readIfThere(path)?.trim();
    if (present) {
        return present;
    }
    const content = create();
    writePrivate(path, `${content}\n`);
    return content;
}

export function remove(path: string): void {
    rmSync(path, { recursive: true, force: true });
}
