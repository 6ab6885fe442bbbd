import { preparePulumi, silentProgress } from "../../toolchain/index.ts";
import { projectDir } from "../project.ts";
import { localFiles } from "./files.ts";
import { localEngineEnv } from "./stack.ts";
import { localOutputs } from "./status.ts";

/** Environment with which plain tools (`pulumi`, `curl`, `cloudflared`, Terraform) work against the local environment. */
export async function localEnv(): Promise<Record<string, string>> {
    const { emulator, outputs } = await localOutputs();
    const { pulumiHome, env } = await preparePulumi({ projectDir, progress: silentProgress });
    const [token] = Object.values(outputs.serviceTokens);
    return {
        ...env,
        PULUMI_HOME: pulumiHome,
        ...localEngineEnv(emulator.apiBaseUrl),
        SALLYPORT_CA: localFiles.edgeCa,
        ...(token === undefined
            ? {}
            : { CF_ACCESS_CLIENT_ID: token.clientId, CF_ACCESS_CLIENT_SECRET: token.clientSecret }),
    };
}

/** Shell commands that set the environment, safe for any value. */
export function shellExports(environment: Record<string, string>): string {
    return Object.entries(environment)
        .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`)
        .join("\n");
}
