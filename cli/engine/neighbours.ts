import { readdirSync } from "node:fs";
import { ConfigError } from "../../stacks/config/configError.ts";
import type { Environment } from "../../stacks/config/environment.ts";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";

/**
 * The other stacks whose files lie in a project and which share an account with a stack: its limits, its names. A file with a mistake is passed over,
 * since nothing can be deployed from it; whoever previews that stack is told.
 */
export function neighboursOf(folder: string, { stack, accountId }: Environment): Environment[] {
    const stacks = readdirSync(folder).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
    return stacks
        .filter((name) => name !== stack && name !== LOCAL_STACK)
        .flatMap((name) => readable(folder, name) ?? [])
        .filter((other) => other.accountId === accountId);
}

function readable(folder: string, stack: string): Environment | undefined {
    try {
        return readStackFile(folder, stack, { environment: {}, readEmulator: false });
    } catch (error) {
        if (error instanceof ConfigError) return undefined;
        throw error;
    }
}
