import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { askApi, CLOUDFLARE_API, type CloudflareApi } from "../cloudflareApi.ts";
import type { LocalEdge } from "../edgeProxy.ts";
import { CommandError, Exit } from "../exit.ts";
import { apiToken, runningEmulator } from "../local/emulatorProcess.ts";
import { localFiles } from "../local/files.ts";
import { projectDir } from "../project.ts";

/** Where a share is made: the account, zone and team of a stack. */
export interface ShareTarget {
    readonly stack: string;
    readonly api: CloudflareApi;
    readonly accountId: string;
    readonly zone: { readonly id: string; readonly name: string };
    readonly team: string;
    /** The emulated edge, with the addresses that connectors dial. */
    readonly edge?: LocalEdge & { readonly connectors: readonly string[] };
}

/** The target that a stack file describes. */
export async function shareTarget(stack: string): Promise<ShareTarget> {
    const environment = readStackFile(projectDir, stack);
    const { accountId, team } = environment;
    const emulator = stack === LOCAL_STACK ? await localEmulator() : undefined;
    const api: CloudflareApi =
        emulator === undefined
            ? { baseUrl: CLOUDFLARE_API, token: process.env.CLOUDFLARE_API_TOKEN }
            : { baseUrl: emulator.apiBaseUrl, token: apiToken() };
    return {
        stack,
        api,
        accountId,
        team,
        zone: { name: environment.zone.name, id: environment.zone.id ?? (await zoneId(api, environment.zone.name)) },
        ...(emulator === undefined
            ? {}
            : { edge: { address: emulator.https, caFile: localFiles.edgeCa, connectors: emulator.edge } }),
    };
}

async function localEmulator() {
    const emulator = await runningEmulator();
    if (emulator === undefined) {
        throw new CommandError(Exit.failed, "the local environment is not running", "start it with `npm run local`");
    }
    return emulator;
}

async function zoneId(api: CloudflareApi, name: string): Promise<string> {
    const [zone] = await askApi<{ id: string }[]>(api, `/zones?name=${name}`);
    if (zone === undefined) {
        throw new CommandError(
            Exit.usage,
            `the account has no zone ${name}, or the API token may not see it`,
            "correct sallyport:zone of the stack file, or give the token the right Zone › Zone: Read",
        );
    }
    return zone.id;
}
