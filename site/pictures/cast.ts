/** A recorded terminal, as asciicast version 2 has it: https://docs.asciinema.org/manual/asciicast/v2/ */
export interface Cast {
    readonly width: number;
    readonly height: number;
    readonly title: string;
    readonly events: readonly Output[];
}

/** Something that was printed. */
export interface Output {
    /** Seconds since the beginning. */
    readonly at: number;
    readonly text: string;
}

/** The recording as a file: a header and a line for each output. */
export function castFile({ width, height, title, events }: Cast): string {
    const lines = events.map(({ at, text }) => [Number(at.toFixed(3)), "o", text.replace(/\r?\n/g, "\r\n")]);
    return [{ version: 2, width, height, title }, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** Reads the file that {@link castFile} writes. */
export function readCast(file: string): Cast {
    const [header = "{}", ...lines] = file.trimEnd().split("\n");
    const { width, height, title } = JSON.parse(header) as Cast;
    const events = lines.map((line) => {
        const [at, , text] = JSON.parse(line) as [number, string, string];
        return { at, text: text.replaceAll("\r\n", "\n") };
    });
    return { width, height, title, events };
}
