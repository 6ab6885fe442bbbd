import { existsSync } from "node:fs";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { LocalRuntime } from "../../stacks/config/environment.ts";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import type { TunnelConfig } from "../../stacks/config/tunnel.ts";
import { connect, objectsOf } from "../../toolchain/docker/index.ts";
import { ensureLoopback, preparePulumi, silentProgress } from "../../toolchain/index.ts";
import { stackOutputs } from "../engine/state.ts";
import { CommandError, Exit } from "../exit.ts";
import { projectDir } from "../project.ts";
import { ask } from "./apiObjects.ts";
import { type EmulatorDescription, runningEmulator } from "./emulatorProcess.ts";
import { localFiles } from "./files.ts";
import { type LocalRequest, lastRequests } from "./requests.ts";
import { NOT_SHOWN_WITHOUT_DOCKER, presentRuntime } from "./runtime.ts";
import { openLocalStack } from "./stack.ts";

/** The answer of `sallyport local status --json`, a part of the command line's contract. */
export interface LocalStatus {
    stack: string;
    hostnames: {
        hostname: string;
        url: string;
        service: string;
        audience: string[];
        aud: string;
        /** The last few, oldest first. */
        requests: LocalRequest[];
    }[];
    tunnels: { name: string; id: string; status: string; connections: number }[];
    services: { name: string; replicas: { running: number; desired: number }; publishedPorts: number[] }[];
    /** What this environment cannot show, in words; empty with Docker. */
    notShown: readonly string[];
    emulator: { apiBaseUrl: string; accountId: string; edge: string[]; https: string; statusPage: string };
}

/** What the stack's program exports. */
export interface LocalOutputs {
    hostnames: { hostname: string; path: string; service: string; audience: string[]; aud: string }[];
    /** The connectors' Swarm service, where they are one. */
    tunnels: {
        name: string;
        id: string;
        management: NonNullable<TunnelConfig["management"]>;
        service?: string;
        /** Present where the connectors can be asked for figures. */
        servesMetrics?: boolean;
    }[];
    /** The stack's own authority in PEM, where its origins have certificates from it. */
    originCa?: string;
    /** Without Docker: text of the credentials file with which the command line connects the tunnel. */
    connectorCredentials?: string;
    serviceTokens: { [name: string]: { clientId: string; clientSecret: string } };
}

/** What runs, as Docker and the emulator tell it; what was meant to run, as the stack's state tells it. */
export async function localStatus(): Promise<LocalStatus> {
    const { emulator, outputs } = await localOutputs();
    const inDocker = presentRuntime() === LocalRuntime.Swarm;
    const services = inDocker ? await dockerServices() : [];
    const tunnels = await ask<{ id: string; name: string; status: string; connections: unknown[] }[]>(
        emulator,
        `/accounts/${emulator.accountId}/cfd_tunnel?is_deleted=false&per_page=1000`,
    );
    const requests = await lastRequests(emulator);
    const port = emulator.https.split(":").at(-1);
    return {
        stack: LOCAL_STACK,
        hostnames: outputs.hostnames.map(({ hostname, path, service, audience, aud }) => ({
            hostname,
            url: `https://${hostname}:${port}${path}`,
            service,
            audience,
            aud,
            requests: requests.get(hostname) ?? [],
        })),
        tunnels: tunnels.map(({ id, name, status, connections }) => ({
            name,
            id,
            status,
            connections: connections.length,
        })),
        services,
        notShown: inDocker ? [] : NOT_SHOWN_WITHOUT_DOCKER,
        emulator: {
            apiBaseUrl: emulator.apiBaseUrl,
            accountId: emulator.accountId,
            edge: emulator.edge,
            https: emulator.https,
            statusPage: emulator.statusPage,
        },
    };
}

async function dockerServices(): Promise<LocalStatus["services"]> {
    const connection = await connect();
    if (connection.state !== "running") {
        throw new CommandError(Exit.failed, `Docker is ${connection.state}`, "run `npx sallyport doctor`");
    }
    const { services } = await objectsOf(connection.docker, LOCAL_STACK);
    return services.map(({ name, replicas, publishedPorts }) => ({
        name,
        replicas,
        publishedPorts: [...publishedPorts],
    }));
}

/** The stack's outputs, secrets in clear: for this process only. */
export async function localOutputs(): Promise<{ emulator: EmulatorDescription; outputs: LocalOutputs }> {
    const emulator = await runningEmulator();
    if (emulator === undefined || !existsSync(localFiles.project)) {
        throw new CommandError(Exit.failed, "the local environment is not running", "start it with `npm run local`");
    }
    ensureLoopback();
    const pulumi = await preparePulumi({ projectDir, progress: silentProgress });
    const stack = await openLocalStack(pulumi, emulator.apiBaseUrl);
    return { emulator, outputs: await outputsOf(stack) };
}

/** The outputs of the opened stack, secrets in clear: for this process only. */
export async function outputsOf(stack: Stack): Promise<LocalOutputs> {
    const outputs = await stackOutputs(stack);
    if (outputs.hostnames === undefined) {
        throw new CommandError(Exit.failed, "the stack local is not deployed completely", "run `npm run local`");
    }
    return outputs as unknown as LocalOutputs;
}
