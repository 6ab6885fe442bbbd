import { LocalRuntime } from "../../stacks/config/environment.ts";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { ensureLoopback, preparePulumi, silentProgress } from "../../toolchain/index.ts";
import { askApi, CLOUDFLARE_API, type CloudflareApi } from "../cloudflareApi.ts";
import type { EdgeAddress } from "../edgeRequest.ts";
import { openStack } from "../engine/open.ts";
import { stackOutputs } from "../engine/state.ts";
import { CommandError, Exit } from "../exit.ts";
import { apiToken, type EmulatorDescription } from "../local/emulatorProcess.ts";
import { notedHostSockets } from "../local/hostSockets.ts";
import { presentRuntime } from "../local/runtime.ts";
import { type LocalOutputs, localOutputs } from "../local/status.ts";
import { projectDir } from "../project.ts";
import type { AnswerAroundAccess } from "./account/aroundAccess.ts";
import type { LocalSockets } from "./host/hostVerdict.ts";

/** One public hostname that the stack says it guards. */
export interface AuditedHostname {
    readonly hostname: string;
    readonly path: string;
    /** Audience tag of the Access application that must stand before it. */
    readonly aud: string;
}

/** A name to ask for: a wildcard stands for any first label. */
export function askedName({ hostname }: Pick<AuditedHostname, "hostname">): string {
    return hostname.replace(/^\*/, "sallyport-audit");
}

/** One tunnel that carries the stack's hostnames. */
export interface AuditedTunnel {
    readonly id: string;
    readonly name: string;
    /** Where its connectors are to take their ingress rules from: Cloudflare's document, or a file that the stack ships. */
    readonly management: LocalOutputs["tunnels"][number]["management"];
    /** Name of the Swarm service of its connectors; none where they are no service. */
    readonly service: string | undefined;
    /** Whether the stack lets them be asked for figures, on every address of their containers (`sallyport:metrics`); not where omitted. */
    readonly servesMetrics?: boolean | undefined;
}

/** An environment as it is audited: what the stack says it has, and where to look whether that is so. */
export interface AuditTarget {
    readonly stack: string;
    readonly accountId: string;
    readonly hostnames: readonly AuditedHostname[];
    readonly tunnels: readonly AuditedTunnel[];
    /** The stack's own authority, which its origins' certificates come from; none where no origin has one. */
    readonly originCaPem?: string;
    /** Cloudflare's API; without a token what only it knows cannot be checked, and counts as failed. */
    readonly api: CloudflareApi;
    /** Where requests for the hostnames go; the hostname itself where omitted. */
    readonly edge?: EdgeAddress;
    readonly dockerHost?: string;
    /** Why the stack has nothing in Docker, where it has not. */
    readonly withoutDocker?: string;
    /** Sends a request into the hostname's tunnel past Access; only the emulator has a way to do that. */
    readonly askAroundAccess?: (hostname: AuditedHostname) => Promise<readonly AnswerAroundAccess[]>;
    /** What is known of the local environment's own sockets; none for a real one. */
    readonly local?: Omit<LocalSockets, "before"> & { readonly before: LocalSockets["before"] | undefined };
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
            askAroundAccess: wayAround(emulator),
            local: {
                before: notedHostSockets(),
                emulatorPid: emulator.pid,
                edge: [...emulator.edge, emulator.teamProxy],
            },
            ...(presentRuntime() === LocalRuntime.Processes
                ? { withoutDocker: "the environment runs without Docker" }
                : {}),
            ...docker,
        };
    }
    const pulumi = await preparePulumi({ projectDir, progress: silentProgress });
    const opened = await openStack({ pulumi, workDir: projectDir, stack, create: false });
    const outputs = await stackOutputs(opened);
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
        ...docker,
    };
}

function known({ hostnames, tunnels, originCa }: Pick<LocalOutputs, "hostnames" | "tunnels" | "originCa">) {
    return {
        hostnames: hostnames.map(({ hostname, path, aud }) => ({ hostname, path, aud })),
        tunnels: tunnels.map(({ id, name, management, service, servesMetrics }) => ({
            id,
            name,
            management,
            service,
            servesMetrics,
        })),
        ...(originCa === undefined ? {} : { originCaPem: originCa }),
    };
}

/** The emulator's own interface lies beside its API, behind the same token. */
function wayAround({ apiBaseUrl }: EmulatorDescription): AuditTarget["askAroundAccess"] {
    const api = { baseUrl: new URL("/emulator", apiBaseUrl).href, token: apiToken() };
    return (hostname) =>
        askApi(api, "/edge/around-access", "POST", { hostname: askedName(hostname), path: hostname.path || "/" });
}
