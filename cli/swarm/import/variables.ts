import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

/** Values by the name of the variable. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What Compose fills variables in from: the environment, then `.env` beside the file (compose-spec, interpolation). */
export function variablesFor(folder: string, environment: Variables): Variables {
    const file = join(folder, ".env");
    return { ...(existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {}), ...environment };
}

/** `$$`, `$NAME`, `${NAME}` and `${NAME-default}`, with `:` for one that is empty, too (compose-spec, interpolation). */
const REFERENCE = /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?)([-?+])([^{}]*))?\})/g;

/** The text with its variables filled in; undefined where one of them has no value. */
export function interpolate(text: string, variables: Variables): string | undefined {
    let complete = true;
    const filled = text.replace(REFERENCE, (_, dollar, plain, braced, orEmpty, operator, word = "") => {
        if (dollar !== undefined) return "$";
        const value = variables[plain ?? braced];
        const isThere = value !== undefined && !(orEmpty === ":" && value === "");
        if (operator === "+") return isThere ? word : "";
        if (isThere) return value;
        if (operator === "-") return word;
        complete = false;
        return "";
    });
    return complete ? filled : undefined;
}
