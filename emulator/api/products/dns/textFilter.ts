const operators: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
    "": (value, wanted) => value === wanted,
    ".exact": (value, wanted) => value === wanted,
    ".contains": (value, wanted) => value.includes(wanted),
    ".startswith": (value, wanted) => value.startsWith(wanted),
    ".endswith": (value, wanted) => value.endsWith(wanted),
};

/**
 * A list filter on one text property, as DNS and zone lists have them: `name=x` and `name.exact=x` compare ignoring
 * case, and so do `.contains`, `.startswith` and `.endswith`. Without such a parameter everything passes.
 */
export function textFilter(query: URLSearchParams, name: string): (value: string) => boolean {
    const tests = Object.entries(operators).flatMap(([suffix, test]) => {
        const wanted = query.get(`${name}${suffix}`);
        return wanted === null ? [] : [(value: string) => test(value.toLowerCase(), wanted.toLowerCase())];
    });
    return (value) => tests.every((test) => test(value));
}
