import { join } from "node:path";
import { z } from "zod";
import { CommandError, Exit } from "../../exit.ts";
import { readIfThere, writePrivate } from "../../local/files.ts";
import { configFolder } from "../configFolder.ts";

const settings = z.strictObject({
    /** Whether the desktop shows what happens. */
    desktop: z.boolean().default(true),
    /** Address that is told of it. Many services let anybody write who knows it, so it is kept like a secret. */
    webhook: z.string().refine(isWebhook).optional(),
});

export type NotifySettings = z.output<typeof settings>;

const file = () => join(configFolder(), "kube-notify.json");

/** @throws CommandError (exit 2) where the file is not what `sallyport kube notify` writes */
export function notifySettings(): NotifySettings {
    const parsed = settings.safeParse(jsonOf(readIfThere(file()) ?? "{}"));
    if (!parsed.success) {
        const fix = "write it anew: sallyport kube notify --desktop";
        throw new CommandError(Exit.usage, `${file()} holds no settings of notifications`, fix);
    }
    return parsed.data;
}

export function keepNotifySettings(kept: NotifySettings): void {
    writePrivate(file(), `${JSON.stringify(kept, null, 2)}\n`);
}

/** Over TLS, or to this machine itself. */
export function isWebhook(text: string): boolean {
    const url = URL.parse(text);
    return (
        url?.protocol === "https:" ||
        (url?.protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname))
    );
}

function jsonOf(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
