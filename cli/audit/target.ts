import { LocalRuntime } from "../../stacks/config/environment.ts";
import { LOCAL_STACK } from "../../stacks/config/parse.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { ensureLoopback, preparePulumi, silentProgress } from "../../toolchain/index.ts";
import { CLOUDFLARE_API, type CloudflareApi } from "../cloudflareApi.ts";
import { openStack } from "../engine/open.ts";
import { CommandError, Exit } from "../exit.ts";
import { apiToken } from "../local/emulatorProcess.ts";
import { presentRuntime } from "../local/runtime.ts";
import { type LocalOutputs, localOutputs } from "../local/status.ts";
import { projectDir } from "../project.ts";

/** One public hostname that the stack says it guards. */
export interface AuditedHostname {
    readonly hostname: string;
    readonly path: string;
    /** Audience tag of the Access application that must stand before it. */
    readonly aud: string;
}

/** An environment as it is audited: what the stack says it has, and where to look whether that is so. */
export interface AuditTarget {
    readonly stack: string;
    readonly accountId: string;
    readonly hostnames: readonly AuditedHostname[];
    readonly tunnelIds: readonly string[];
    /** Cloudflare's API; without a token what only it knows cannot be checked, and counts as failed. */
    readonly api: CloudflareApi;
    /** Where requests for the hostnames go; the hostname itself where omitted. */
    readonly edge?: { readonly host: string; readonly port: number; readonly caPem: string };
    /** False for a local environment that was brought up without Docker: nothing of it can be asked there. */
    readonly runsInDocker: boolean;
    readonly dockerHost?: string;
}

/** The environment of a stack: the same questions are asked of a local and of a real one, at other addresses. */
export async function auditTarget(stack: string): Promise<AuditTarget> {
    ensureLoopback();
    const { accountId, dockerHost } = readStackFile(projectDir, stack);
    const docker = dockerHost === undefined ? {} : { dockerHost };
    if (stack === LOCAL_STACK) {
        const { emulator, outputs } = await localOutputs();
        const { hostname, port } = new URL(`https://${emulator.https}`);
        return {
            stack,
            accountId,
            ...known(outputs),
            api: { baseUrl: emulator.apiBaseUrl, token: apiToken() },
            edge: { host: hostname, port: Number(port), caPem: emulator.edgeCaPem },
            runsInDocker: presentRuntime() === LocalRuntime.Swarm,
            ...docker,
        };
    }
    const pulumi = await preparePulumi({ projectDir, progress: silentProgress });
    const opened = await openStack({ pulumi, workDir: projectDir, stack, create: false });
    const outputs = Object.fromEntries(
        Object.entries(await opened.outputs()).map(([name, { value }]) => [name, value as unknown]),
    );
    if (outputs.hostnames === undefined) {
        throw new CommandError(
            Exit.usage,
            `the stack ${stack} is not deployed`,
            `deploy it: npx pulumi up -s ${stack} --policy-pack policy`,
        );
    }
    return {
        stack,
        accountId,
        ...known(outputs as unknown as LocalOutputs),
        api: { baseUrl: CLOUDFLARE_API, token: process.env.CLOUDFLARE_API_TOKEN },
        runsInDocker: true,
        ...docker,
    };
}

function known({ hostnames, tunnels }: Pick<LocalOutputs, "hostnames" | "tunnels">) {
    return {
        hostnames: hostnames.map(({ hostname, path, aud }) => ({ hostname, path, aud })),
        tunnelIds: tunnels.map(({ id }) => id),
    };
}
