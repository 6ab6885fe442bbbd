/** A stack's own name, without the organization and project that a backend puts before it. */
export function shortName(name: string): string {
    return name.split("/").at(-1) ?? name;
}
