/** The environments that the workflows of this repository are written for, in their order. */
const [FIRST, LATER] = ["staging", "prod"] as const;

/** The policy pack in a project that has it installed, with what the environment says to it. */
const INSTALLED_PACK = '--policy-pack node_modules/@sallyport/policy --policy-pack-config "policy.$STACK.json"';

/**
 * A workflow of this repository, or its counterpart for GitLab, for a project of its own: for that project's environments, and with the installed
 * policy pack. There is no second copy of them.
 *
 * @param environments in the order of deployment; each waits for the one before.
 */
export function forProject(text: string, environments: readonly string[]): string {
    return listed(repeated(text, environments), environments)
        .replaceAll("--policy-pack policy", INSTALLED_PACK)
        .replace(/^# The same as \.github\/workflows.*\n#\n/, "");
}

/** Jobs that each environment has: those of the first stand as they are, those of a later one wait for the one before it. */
function repeated(text: string, environments: readonly string[]): string {
    const first = text.search(job(FIRST));
    const later = text.search(job(LATER));
    if (first === -1 || later === -1) return text;
    const end = endOfJobs(text);
    const [head, ofFirst, ofLater, tail] = [
        text.slice(0, first),
        text.slice(first, later),
        text.slice(later, end),
        text.slice(end),
    ];
    const jobs = environments.map((environment, index) => {
        const before = environments[index - 1];
        return before === undefined
            ? renamed(ofFirst, { [FIRST]: environment })
            : renamed(ofLater, { [FIRST]: before, [LATER]: environment });
    });
    // Where a blank line parts jobs, it parts the last one from what follows too.
    return [head, ...jobs, tail].join("");
}

const job = (environment: string) => new RegExp(`^ *(?:plan-)?${environment}:$`, "m");

/** Behind the last job that names the later environment. */
function endOfJobs(text: string): number {
    const last = text.lastIndexOf(LATER);
    const blank = text.indexOf("\n\n", last);
    return blank === -1 ? text.length : blank + 2;
}

/** All names at once, so that none is taken for one that was just written. */
function renamed(text: string, names: Readonly<Record<string, string>>): string {
    return text.replace(new RegExp(`\\b(${Object.keys(names).join("|")})\\b`, "g"), (name) => names[name] ?? name);
}

/** Where the environments are listed: matrices, loops, and the stages of GitLab. */
function listed(text: string, environments: readonly string[]): string {
    return text
        .replaceAll(`[${FIRST}, ${LATER}]`, `[${environments.join(", ")}]`)
        .replaceAll(`in ${FIRST} ${LATER};`, `in ${environments.join(" ")};`)
        .replace(
            `plan-${FIRST}, ${FIRST}, plan-${LATER}, ${LATER}`,
            environments.flatMap((environment) => [`plan-${environment}`, environment]).join(", "),
        );
}
