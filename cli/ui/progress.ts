import { spinner } from "@clack/prompts";
import pc from "picocolors";
import type { Progress } from "../../toolchain/index.ts";

/** Progress on stderr: a spinner on a terminal, a line a step elsewhere. */
export function stderrProgress(): Progress {
    return process.stderr.isTTY ? spinnerProgress() : lineProgress();
}

function spinnerProgress(): Progress {
    let open: { spin: ReturnType<typeof spinner>; title: string } | undefined;
    const close = () => {
        open?.spin.stop(open.title);
        open = undefined;
    };
    return {
        step(title) {
            close();
            const spin = spinner({ output: process.stderr });
            spin.start(title);
            open = { spin, title };
        },
        detail(text) {
            open?.spin.message(`${open.title} ${pc.dim(text)}`);
        },
        done: close,
    };
}

/** Details replace each other on a terminal; in a log one now and then shows that there is life. */
const DETAIL_EVERY_MS = 10_000;

function lineProgress(): Progress {
    let open: { title: string; since: number; said: number } | undefined;
    const close = () => {
        if (open !== undefined) {
            process.stderr.write(`done: ${open.title} (${seconds(open.since)} s)\n`);
            open = undefined;
        }
    };
    return {
        step(title) {
            close();
            open = { title, since: Date.now(), said: Date.now() };
            process.stderr.write(`      ${title}\n`);
        },
        detail(text) {
            if (open !== undefined && Date.now() - open.said > DETAIL_EVERY_MS) {
                open.said = Date.now();
                process.stderr.write(`      ${open.title}: ${text} (${seconds(open.since)} s)\n`);
            }
        },
        done: close,
    };
}

function seconds(since: number): string {
    return ((Date.now() - since) / 1000).toFixed(1);
}

/** For work that is a part of the open step: its steps are details, so that it opens and ends none itself. */
export function withinStep(progress: Progress): Progress {
    return { step: (title) => progress.detail(title), detail: (text) => progress.detail(text), done: () => {} };
}
