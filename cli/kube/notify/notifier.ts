import { TunnelState, type TunnelView } from "../session/state.ts";
import { showOnDesktop } from "./desktop.ts";
import { type News, NewsKind, newsText } from "./news.ts";
import { type NotifySettings, notifySettings } from "./settings.ts";
import { tellWebhook } from "./webhook.ts";

/** In milliseconds: a tunnel that is up again by then was not down; the same news is not told more often; a login that ends by then ends soon. */
const DOWN_FOR_MS = 10_000;
const AGAIN_AFTER_MS = 300_000;
const SOON_MS = 600_000;
const LOOK_AT_LOGINS_EVERY_MS = 60_000;

/** Turns what happens to tunnels into news, and tells it. */
export interface Notifier {
    change(now: TunnelView, before: TunnelView | undefined): void;
    newCluster(name: string): void;
    /** Tells of logins that end soon. */
    watchLogins(views: () => readonly TunnelView[]): Disposable;
}

/**
 * Tells of a tunnel that stays down, of a login that is needed or ends soon, and of new clusters, as the settings say at that moment. The same is not told twice in a
 * short while, so that a network that comes and goes does not bury its owner.
 *
 * @param say hears what could not be told
 */
export function notifier(say: (text: string) => void, tell = tellAll): Notifier {
    const told = new Map<string, number>();
    const down = new Map<string, NodeJS.Timeout>();
    const pass = (news: News) => {
        const key = `${news.event} ${news.cluster}`;
        if (Date.now() - (told.get(key) ?? Number.NEGATIVE_INFINITY) >= AGAIN_AFTER_MS) {
            told.set(key, Date.now());
            void tell(news).then((problems) => problems.forEach(say));
        }
    };
    const pending = (name: string, event: NewsKind) => {
        const timer = setTimeout(() => pass({ event, cluster: name }), DOWN_FOR_MS);
        down.set(name, timer.unref());
    };
    return {
        change({ name, state }, before) {
            if (before === undefined || state === before.state) {
                return;
            }
            clearTimeout(down.get(name));
            const wasConnecting = before.state === TunnelState.Connecting;
            if (state === TunnelState.Down || state === TunnelState.Refused) {
                pending(name, NewsKind.TunnelDown);
            } else if (state === TunnelState.Login && !wasConnecting) {
                pass({ event: NewsKind.LoginNeeded, cluster: name }); // at first, whoever connects looks at the terminal
            }
        },
        newCluster: (name) => pass({ event: NewsKind.NewCluster, cluster: name }),
        watchLogins(views) {
            const look = () => {
                const now = Date.now();
                for (const { name, loginEnds } of views()) {
                    if (loginEnds !== undefined && loginEnds - now < SOON_MS) {
                        pass({ event: NewsKind.LoginEndsSoon, cluster: name });
                    }
                }
            };
            const timer = setInterval(look, LOOK_AT_LOGINS_EVERY_MS).unref();
            return { [Symbol.dispose]: () => clearInterval(timer) };
        },
    };
}

/** Tells in every way that the settings name. @returns what went wrong */
export async function tellAll(news: News): Promise<string[]> {
    let settings: NotifySettings;
    try {
        settings = notifySettings();
    } catch (error) {
        return [(error as Error).message];
    }
    const ways = [
        ...(settings.desktop ? [showOnDesktop(newsText(news))] : []),
        ...(settings.webhook === undefined ? [] : [tellWebhook(settings.webhook, news)]),
    ];
    return (await Promise.allSettled(ways)).flatMap((way) =>
        way.status === "rejected" ? [`notification: ${(way.reason as Error).message}`] : [],
    );
}
