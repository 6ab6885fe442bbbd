import type { Environment } from "../../stacks/config/environment.ts";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { labelRulesOf } from "../../stacks/config/swarm.ts";
import type { LabelRules } from "../../stacks/labels.ts";
import { ensureLoopback, type PreparedPulumi, type Progress, preparePulumi } from "../../toolchain/index.ts";
import type { CloudflareApi } from "../cloudflareApi.ts";
import { stackOutputs } from "../engine/state.ts";
import { CommandError, Exit } from "../exit.ts";
import { openWithApi } from "../local/openWithApi.ts";
import { projectDir } from "../project.ts";

/** The stack that declares what labels may ask for, with everything that the small stacks of labelled services take of it. */
export interface Owner {
    environment: Environment;
    rules: LabelRules;
    zoneId: string;
    /** Ids of Access policies by name of the audience. */
    policyIds: Record<string, string[]>;
    /** The stack's authority for TLS origins, in PEM; omitted means that it has none. */
    originCa?: string;
    /** Cloudflare's API, for what the engine does not tell. */
    api: CloudflareApi;
    pulumi: PreparedPulumi;
    /** Environment of the engine: where state is kept, what opens it, what Cloudflare is asked with. */
    engineEnv: Record<string, string>;
    /** What encrypts secrets in the small stacks; omitted means the passphrase, or what the backend brings. */
    secretsProvider?: string;
}

/**
 * Opens the stack whose labelled services are meant.
 *
 * @throws CommandError when its file lets labels ask for nothing, or it is not deployed.
 */
export async function openOwner(name: string, progress: Progress): Promise<Owner> {
    const { swarm } = readStackFile(projectDir, name, { readEmulator: false });
    if (swarm === undefined) {
        throw new CommandError(
            Exit.usage,
            `sallyport:swarm is missing in Pulumi.${name}.yaml, so labels can ask for nothing`,
            "declare the host names and audiences that labels may use: docs/swarm.md",
        );
    }
    if (swarm.inStack) {
        throw new CommandError(
            Exit.usage,
            `sallyport:swarm.inStack is true in Pulumi.${name}.yaml, so labelled services are a part of that stack`,
            `use \`npx pulumi up -s ${name} --policy-pack policy\`, or remove the key to give each service a stack of its own`,
        );
    }
    ensureLoopback();
    const pulumi = await preparePulumi({ projectDir, progress });
    const { stack, ...way } = await openWithApi(pulumi, name, { create: false });
    const environment = readStackFile(projectDir, name);
    const { zone, apps, clusters, audiences } = environment;
    const outputs = await stackOutputs(stack);
    const told = outputs.swarm as Pick<Owner, "zoneId" | "policyIds"> | undefined;
    if (told === undefined) {
        throw new CommandError(
            Exit.usage,
            `the stack ${name} is not deployed with its sallyport:swarm`,
            deployIt(name),
        );
    }
    const originCa = outputs.originCa as string | undefined;
    return {
        environment,
        rules: labelRulesOf(swarm, { zone: zone.name, apps, clusters, audiences }),
        ...told,
        ...(originCa === undefined ? {} : { originCa }),
        ...way,
        pulumi,
    };
}

function deployIt(name: string): string {
    return name === LOCAL_STACK ? "run `npm run local`" : `deploy it: npx pulumi up -s ${name} --policy-pack policy`;
}
