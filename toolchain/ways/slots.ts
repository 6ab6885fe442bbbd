/** Lets at most `count` tasks run at the same time, in the order in which they came. */
export function slots(count: number): <T>(task: () => Promise<T>) => Promise<T> {
    let free = count;
    const waiting: (() => void)[] = [];
    return async (task) => {
        if (free > 0) free--;
        else await new Promise<void>((resolve) => waiting.push(resolve));
        try {
            return await task();
        } finally {
            const next = waiting.shift();
            // The slot is handed on, never free in between: nobody who comes later gets in first.
            if (next) next();
            else free++;
        }
    };
}
