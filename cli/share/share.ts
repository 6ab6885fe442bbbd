import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { proxyToEdge } from "../edgeProxy.ts";
import { CommandError, Exit } from "../exit.ts";
import { writePrivate } from "../local/files.ts";
import { KeptProcess } from "../processes/kept.ts";
import { Connector } from "./connector.ts";
import { connectorConfig, credentialsFile, noteShare } from "./journal.ts";
import {
    configureTunnel,
    createApplication,
    createRecord,
    createTunnel,
    type ObjectKind,
    type ShareObject,
} from "./objects.ts";
import { removeShares } from "./removal.ts";
import { type ShareRequest, withoutBrackets } from "./request.ts";
import type { ShareTarget } from "./target.ts";
import { newTitle } from "./title.ts";

/** How long the connector may take until it serves: one minute in milliseconds. */
const SERVES_WITHIN_MS = 60_000;

/** The clock is looked at so often, in milliseconds: a laptop that sleeps stops timers, but not the time. */
const LOOK_EVERY_MS = 10_000;

export interface ShareOptions {
    readonly request: ShareRequest;
    readonly target: ShareTarget;
    /** The `cloudflared` to run. */
    readonly executable: string;
    /** Hears each step, and what becomes of the connector. */
    readonly onNews: (text: string) => void;
    /** Gives up before it is shared; what was made is taken away again. */
    readonly signal: AbortSignal;
}

/** Something on this machine that others can open, until it is disposed of. */
export interface Share extends AsyncDisposable {
    /** Where they open it. */
    readonly url: string;
    readonly until: Date;
    /** Name of everything that it has in the account. */
    readonly title: string;
}

/**
 * Makes a web application of this machine reachable for the people named, behind Access: guard, tunnel, ingress rule and connector first, the name
 * last. It goes through the API and not through the engine: it lives for hours, belongs to no environment, and whoever makes it should need
 * neither a state backend nor a passphrase. What keeps it safe is the order, the connector's own check of Access's token, and the journal.
 *
 * Where a step fails, everything that was made is taken away again.
 *
 * @throws CommandError
 */
export async function startShare(options: ShareOptions): Promise<Share> {
    const { request, target, signal, onNews } = options;
    const step = (text: string) => {
        if (signal.aborted) {
            throw givenUp();
        }
        onNews(text);
    };
    const until = new Date(Math.ceil(Date.now() / 1000) * 1000 + request.seconds * 1000);
    const title = newTitle(request.hostname, until);
    await using undo = new AsyncDisposableStack();
    const made: ShareObject[] = [];
    const keep = <T extends { id: string }>(kind: ObjectKind, object: T): T => {
        made.push({ kind, id: object.id, title });
        return object;
    };

    noteShare(title, target.stack);
    undo.defer(() => removeShares(target, new Set([title]), made));
    step(`guarding ${request.hostname} with Access`);
    const { aud } = keep("application", await createApplication(target, title, request));
    step("making the tunnel");
    const secret = randomBytes(32).toString("base64");
    const tunnel = keep("tunnel", await createTunnel(target, title, secret));
    await configureTunnel(target, tunnel.id, aud, request);
    const credentials = { AccountTag: target.accountId, TunnelSecret: secret, TunnelID: tunnel.id };
    writePrivate(credentialsFile(title), JSON.stringify(credentials));
    step("connecting");
    await connect(options, tunnel.id, title, undo);
    step(`naming it ${request.hostname}`);
    keep("record", await createRecord(target, title, tunnel.id, request.hostname));

    const port = target.edge === undefined ? "" : `:${target.edge.address.split(":").at(-1)}`;
    const owned = undo.move();
    const url = `https://${request.hostname}${port}/`;
    return { url, until, title, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Resolves at the time, or when the signal is given. */
export async function reached(until: Date, signal: AbortSignal): Promise<void> {
    for (let left = until.getTime() - Date.now(); left > 0 && !signal.aborted; left = until.getTime() - Date.now()) {
        await delay(Math.min(left, LOOK_EVERY_MS), undefined, { signal }).catch(() => {});
    }
}

/** Runs a connector until it serves, and from then on until the share ends. */
async function connect(
    { request, target, executable, signal, onNews }: ShareOptions,
    tunnelId: string,
    title: string,
    undo: AsyncDisposableStack,
): Promise<void> {
    const { edge } = target;
    const env =
        edge === undefined
            ? {}
            : {
                  ...undo.use(await proxyToEdge(edge)).env,
                  // The proxy leads to the edge alone; the application is asked directly.
                  NO_PROXY: withoutBrackets(request.origin.hostname),
                  TUNNEL_EDGE: edge.connectors.join(","),
                  TUNNEL_TRANSPORT_PROTOCOL: "http2",
                  TUNNEL_NO_PRECHECKS: "true",
              };
    const serving = Promise.withResolvers<void>();
    const failed = Promise.withResolvers<never>();
    const start = async () => {
        const files = { credentialsFile: credentialsFile(title), configFile: connectorConfig() };
        const connector = Connector.start({ executable, tunnelId, env, ...files });
        void connector.serving.then(serving.resolve);
        return connector;
    };
    undo.use(
        new KeptProcess({
            start,
            onEnd: (reason, afterMs) => {
                onNews(`cloudflared ended (${reason}); it starts again in ${afterMs / 1000} s`);
                failed.reject(new CommandError(Exit.failed, `cloudflared does not connect: ${reason}`));
            },
        }),
    );
    failed.promise.catch(() => {}); // it counts until the connector has served once
    const giveUp = () => failed.reject(givenUp());
    signal.aborted ? giveUp() : signal.addEventListener("abort", giveUp, { once: true });
    const tooLate = setTimeout(
        () =>
            failed.reject(
                new CommandError(Exit.failed, `cloudflared does not connect within ${SERVES_WITHIN_MS / 1000} s`),
            ),
        SERVES_WITHIN_MS,
    );
    await Promise.race([serving.promise, failed.promise]).finally(() => clearTimeout(tooLate));
}

function givenUp(): CommandError {
    return new CommandError(Exit.failed, "it was ended before anything was shared");
}
