/** A pool opens and closes its connections in a row; what counts is where that ends. Milliseconds. */
const SETTLED_AFTER_MS = 300;

/** Passes a count on once it has stayed the same for a moment, and only where it is another one than before. */
export function settledCount(tell: (count: number) => void): (count: number) => void {
    let told = 0;
    let timer: NodeJS.Timeout | undefined;
    return (count) => {
        clearTimeout(timer);
        timer = setTimeout(() => {
            if (count !== told) {
                told = count;
                tell(count);
            }
        }, SETTLED_AFTER_MS).unref();
    };
}
