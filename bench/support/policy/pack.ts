import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { credentials } from "@grpc/grpc-js";
import grpcTypes from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import { emptyPb, structPb } from "../../../toolchain/fallback/plugin/protobuf.ts";
import type { TwinResource } from "./resources.ts";

const require = createRequire(import.meta.url);

/** As many requests at a time as an engine with this much parallelism sends. */
const AT_A_TIME = 16;

type Requests = InstanceType<typeof messages.AnalyzeRequest>[];

/** What the engine would send for each resource, made beforehand: the engine's own work is not measured. */
export function requestsFor(resources: readonly TwinResource[]): Requests {
    return resources.map(({ name, type, props }) => {
        const request = new messages.AnalyzeRequest();
        request.setType(type);
        request.setName(name);
        request.setUrn(`urn:pulumi:bench::bench::${type}::${name}`);
        request.setProperties(structPb.Struct.fromJavaScript(props as Record<string, never>));
        request.setOptions(new messages.AnalyzerResourceOptions());
        return request;
    });
}

/**
 * Starts a pack as Pulumi's language host does, shows it the resources as the engine does, and ends it.
 *
 * @param only rules to run; all of the pack's if omitted
 * @returns names of the resources in which something was found
 */
export async function judgeByPack(folder: string, requests: Requests, only?: readonly string[]): Promise<Set<string>> {
    const loader = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const child = spawn(process.execPath, [loader, "127.0.0.1:1", "."], {
        cwd: folder,
        stdio: ["ignore", "pipe", "inherit"],
    });
    try {
        const [port] = await once(child.stdout, "data");
        const client = new grpcTypes.AnalyzerClient(`127.0.0.1:${String(port).trim()}`, credentials.createInsecure());
        if (only !== undefined) await runOnly(client, only);
        const found = await judge(client, requests);
        client.close();
        return found;
    } finally {
        await end(child);
    }
}

type Client = InstanceType<typeof grpcTypes.AnalyzerClient>;

async function judge(client: Client, requests: Requests): Promise<Set<string>> {
    const found = new Set<string>();
    const waiting = requests.values();
    const work = async () => {
        for (const request of waiting) {
            const answer = await new Promise<InstanceType<typeof messages.AnalyzeResponse>>((resolve, reject) => {
                client.analyze(request, (error, response) => (error ? reject(error) : resolve(response)));
            });
            if (answer.getDiagnosticsList().length > 0) found.add(request.getName());
        }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    return found;
}

/** Switches every other rule off, as a configuration with `"disabled"` does. */
async function runOnly(client: Client, only: readonly string[]): Promise<void> {
    const info = await new Promise<InstanceType<typeof messages.AnalyzerInfo>>((resolve, reject) => {
        client.getAnalyzerInfo(new emptyPb.Empty(), (error, response) => (error ? reject(error) : resolve(response)));
    });
    const request = new messages.ConfigureAnalyzerRequest();
    for (const policy of info.getPoliciesList()) {
        const config = new messages.PolicyConfig();
        const isOn = only.includes(policy.getName());
        config.setEnforcementlevel(isOn ? messages.EnforcementLevel.MANDATORY : messages.EnforcementLevel.DISABLED);
        config.setProperties(new structPb.Struct());
        request.getPolicyconfigMap().set(policy.getName(), config);
    }
    await new Promise<void>((resolve, reject) => {
        client.configure(request, (error) => (error ? reject(error) : resolve()));
    });
}

async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill();
    await ended;
}
