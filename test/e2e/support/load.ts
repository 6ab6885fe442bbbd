type Ask = (index: number) => Promise<{ status: number; body: string }>;

/** Asks so many times, a fixed number at a time; says how often each answer came, as `200 ok`. */
export function askTimes(count: number, atATime: number, ask: Ask): Promise<Map<string, number>> {
    return askWhile((asked) => asked < count, atATime, ask);
}

/** The same for as long as something else takes. */
export function askUntil(end: Promise<unknown>, atATime: number, ask: Ask): Promise<Map<string, number>> {
    let hasEnded = false;
    const ended = () => {
        hasEnded = true;
    };
    end.then(ended, ended); // whoever started it hears of its failure
    return askWhile(() => !hasEnded, atATime, ask);
}

/**
 * Asks so many times a second, however long answers take, for as long as something else takes; says how often each answer came. A question without an
 * answer counts as what went wrong.
 */
export async function askAtRate(perSecond: number, end: Promise<unknown>, ask: Ask): Promise<Map<string, number>> {
    const answers = new Map<string, number>();
    const open: Promise<void>[] = [];
    const start = performance.now();
    const askWhatIsDue = () => {
        while (open.length < ((performance.now() - start) / 1000) * perSecond) {
            const answer = ask(open.length).then(
                ({ status, body }) => `${status} ${body}`,
                (error: unknown) => String(error),
            );
            open.push(answer.then((text) => void answers.set(text, (answers.get(text) ?? 0) + 1)));
        }
    };
    const timer = setInterval(askWhatIsDue, 1000 / perSecond);
    try {
        await end;
    } finally {
        clearInterval(timer);
    }
    await Promise.all(open);
    return answers;
}

async function askWhile(goesOn: (asked: number) => boolean, atATime: number, ask: Ask): Promise<Map<string, number>> {
    const answers = new Map<string, number>();
    let asked = 0;
    const client = async () => {
        while (goesOn(asked)) {
            const { status, body } = await ask(asked++);
            const answer = `${status} ${body}`;
            answers.set(answer, (answers.get(answer) ?? 0) + 1);
        }
    };
    await Promise.all(Array.from({ length: atATime }, client));
    return answers;
}
