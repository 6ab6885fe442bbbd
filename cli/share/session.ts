import { ensureTool } from "../../toolchain/index.ts";
import { endAsked } from "../endAsked.ts";
import { stderrProgress } from "../ui/progress.ts";
import { printJson } from "../ui/table.ts";
import { removeLeftovers } from "./removal.ts";
import type { ShareRequest } from "./request.ts";
import { reached, startShare } from "./share.ts";
import type { ShareTarget } from "./target.ts";

/** Shares until the time is over or somebody ends it. What an earlier one left goes first, which also tells whether the API may be asked at all. */
export async function holdShare(request: ShareRequest, target: ShareTarget, json: boolean): Promise<void> {
    const { path: executable } = await ensureTool("cloudflared", { progress: stderrProgress() });
    tellRemoved(await removeLeftovers(target));
    const asked = new AbortController();
    const { signal } = asked;
    void endAsked().then(() => asked.abort());
    await using share = await startShare({ request, target, executable, signal, onNews: say });
    const people = [...request.emails, ...request.emailDomains.map((domain) => `@${domain}`)];
    const until = share.until.toISOString();
    if (json) {
        printJson({ url: share.url, with: people, until });
    } else {
        process.stdout.write(`${share.url}\n`);
    }
    say(`open to ${people.join(", ")} until ${until}; Ctrl-C ends it`);
    await reached(share.until, signal);
    say("removing it");
}

/** Removes what is left of shares that were killed on this machine, or whose time is over on any. */
export async function cleanShares(target: ShareTarget, json: boolean): Promise<void> {
    const removed = await removeLeftovers(target);
    json ? printJson({ removed }) : tellRemoved(removed);
}

function tellRemoved(titles: readonly string[]): void {
    for (const title of titles) {
        say(`removed what was left of ${title}`);
    }
}

function say(text: string): void {
    process.stderr.write(`${text}\n`);
}
