/** Asks so many times, a fixed number at a time; says how often each answer came, as `200 ok`. */
export async function askTimes(
    count: number,
    atATime: number,
    ask: (index: number) => Promise<{ status: number; body: string }>,
): Promise<Map<string, number>> {
    const answers = new Map<string, number>();
    let asked = 0;
    const client = async () => {
        while (asked < count) {
            const { status, body } = await ask(asked++);
            const answer = `${status} ${body}`;
            answers.set(answer, (answers.get(answer) ?? 0) + 1);
        }
    };
    await Promise.all(Array.from({ length: atATime }, client));
    return answers;
}
