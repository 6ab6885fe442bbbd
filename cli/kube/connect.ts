import { ensureTool, type Progress } from "../../toolchain/index.ts";
import { ensureBackgroundSession } from "./background.ts";
import { thisProcess } from "./kubeconfig/lock.ts";
import { ownKubeconfigs } from "./kubeconfigs.ts";
import { contextName, type SessionCluster } from "./session/cluster.ts";
import { askSession, serveSession, sourceOf } from "./session/control.ts";
import { Ask, type TokenOrigin } from "./session/messages.ts";
import { announceSession, runningSessions, type SessionRecord } from "./session/records.ts";
import { KubeSession } from "./session/session.ts";
import { TunnelState, type TunnelView } from "./session/state.ts";

export interface ConnectOptions {
    readonly clusters: readonly SessionCluster[];
    /** File that their contexts are added to. */
    readonly kubeconfig: string;
    readonly token: TokenOrigin;
    readonly progress: Progress;
}

/** A session of this very process. */
export interface OwnSession extends AsyncDisposable {
    readonly session: KubeSession;
    /** Resolves when another command has closed its last cluster. */
    readonly closed: Promise<void>;
}

/** Starts a session that other commands find. @param onChange hears each change of a tunnel, and when the machine has slept */
export async function startSession(
    background: boolean,
    progress: Progress,
    hear: { onChange: (now: TunnelView, before: TunnelView | undefined) => void; onWake?: (sleptMs: number) => void },
): Promise<OwnSession> {
    const { path: executable } = await ensureTool("cloudflared", { progress });
    await using parts = new AsyncDisposableStack();
    const session = parts.use(new KubeSession({ executable, kubeconfigs: ownKubeconfigs(progress), ...hear }));
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const self = thisProcess();
    parts.use(await serveSession(session, self, resolve));
    parts.use(announceSession(self, background));
    const owned = parts.move();
    return { session, closed, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** The clusters of those names that are open already, each with its session: their contexts are made current, and a login is asked for where one is needed. */
export async function takeUpOpen(names: readonly string[], progress: Progress): Promise<Map<string, SessionRecord>> {
    const open = new Map<string, SessionRecord>();
    for (const record of runningSessions()) {
        for (const { name, state } of await askSession(record, Ask.Views)) {
            if (names.includes(name)) {
                open.set(name, record);
                if (state === TunnelState.Login) {
                    await askSession(record, Ask.Login, { names: [name] });
                }
            }
        }
    }
    const kubeconfigs = ownKubeconfigs(progress);
    const contexts = kubeconfigs.contexts().filter(({ name }) => [...open.keys()].map(contextName).includes(name));
    for (const { file, name } of contexts) {
        await kubeconfigs.use(file, name);
    }
    return open;
}

/** Opens clusters in the session in the background. */
export async function openInBackground({ clusters, kubeconfig, token }: ConnectOptions): Promise<SessionRecord> {
    const record = await ensureBackgroundSession();
    await askSession(record, Ask.Open, { clusters, kubeconfig, token });
    return record;
}

/** Opens clusters in a session of this process. */
export function openHere(session: KubeSession, { clusters, kubeconfig, token }: ConnectOptions): Promise<void> {
    return session.open(clusters, kubeconfig, sourceOf(token));
}
