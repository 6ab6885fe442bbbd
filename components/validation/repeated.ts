/** Says that a value stands further up in its list already, or nothing. `list` is the list's path. */
export function repeatedProblem(values: readonly string[], index: number, list: string): string | undefined {
    const first = values.indexOf(values[index] ?? "");
    return first === index
        ? undefined
        : `${JSON.stringify(values[index])} stands at ${list}[${first}] already. Write it once.`;
}
