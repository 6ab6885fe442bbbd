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

function lineProgress(): Progress {
    let open: { title: string; since: number } | undefined;
    const close = () => {
        if (open !== undefined) {
            process.stderr.write(`done: ${open.title} (${((Date.now() - open.since) / 1000).toFixed(1)} s)\n`);
            open = undefined;
        }
    };
    return {
        step(title) {
            close();
            open = { title, since: Date.now() };
            process.stderr.write(`      ${title}\n`);
        },
        // Details replace each other on a terminal; in a log they would be noise.
        detail: () => {},
        done: close,
    };
}
