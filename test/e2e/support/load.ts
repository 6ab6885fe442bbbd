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
