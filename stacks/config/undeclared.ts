/** Says that an audience is named that the stack does not declare. */
export function undeclaredAudience(name: string, declared: Iterable<string>): string {
    const known = [...declared].join(", ") || "none";
    return `"${name}" is not declared in sallyport:audiences (declared: ${known}). Declare it there or correct the name.`;
}
