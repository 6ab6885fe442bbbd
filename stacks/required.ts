/** What is declared under a name. The configuration is checked before, so that a name without a declaration is a mistake of ours. */
export function required<T>(map: ReadonlyMap<string, T>, name: string): T {
    const value = map.get(name);
    if (value === undefined) {
        throw new Error(`"${name}" is used but not declared`);
    }
    return value;
}
