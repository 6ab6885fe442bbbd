/** Says what is wrong with a user of a machine, or nothing: a name as Debian takes it, or a number. */
export function userProblem(user: string): string | undefined {
    if (/^([a-z_][a-z0-9_-]{0,31}|[0-9]{1,10})$/.test(user)) return undefined;
    return `${JSON.stringify(user)} is not a user. Write a name or a number, such as "gitea".`;
}
