import type Docker from "dockerode";
import { execa } from "execa";
import { expect, vi } from "vitest";
import { parse } from "yaml";
import { readDocker } from "../../../cli/audit/docker/view.ts";
import { type HttpAnswer, visit } from "../../../cli/audit/namespace/visit.ts";
import { STACK_LABEL } from "../../../toolchain/docker/index.ts";
import type { Workbench } from "../../docker/support/workbench.ts";
import { exampleFile } from "../../observability/expressions.ts";

/** A job of the example's Prometheus: the name that it looks up, and the port that it asks at each address. */
export interface ScrapeJob {
    readonly name: string;
    readonly port: number;
}

interface PrometheusFile {
    scrape_configs: { job_name: string; dns_sd_configs: { names: string[]; port: number }[] }[];
}

/** A job of the example, for another stack than the example's. */
export function scrapeJob(job: "sallyport-connectors" | "sallyport-proxies", stack: string): ScrapeJob {
    const { scrape_configs } = parse(exampleFile("prometheus.yml").replaceAll("staging", stack)) as PrometheusFile;
    const found = scrape_configs.find(({ job_name }) => job_name === job)?.dns_sd_configs[0];
    if (found?.names[0] === undefined) throw new Error(`the example has no job ${job} that looks a name up`);
    return { name: found.names[0], port: found.port };
}

/** Starts a service of one task on that network alone, as Prometheus is on it, and returns its first process. */
export async function joinNetwork({ docker, stack }: Workbench, network: string, image: string): Promise<number> {
    await docker.createService({
        Name: `${stack}-reader`,
        Labels: { [STACK_LABEL]: stack },
        TaskTemplate: {
            ContainerSpec: { Image: image, Args: ["--port", "8080"], User: "65532:65532" },
            Networks: [{ Target: network }],
        },
        EndpointSpec: { Mode: "dnsrr" },
    } as Docker.CreateServiceOptions);
    return vi.waitFor(
        async () => {
            const { containers } = await readDocker(stack, undefined);
            expect(containers).toHaveLength(1);
            return containers[0]?.pid ?? 0;
        },
        { timeout: 30_000, interval: 100 },
    );
}

/**
 * Docker's name server answers at the same address in every container. A name that it does not know it asks servers outside for, and where a container
 * reaches none of those it says nothing at all.
 */
const LOOK_UP = `
    import { Resolver } from "node:dns/promises";
    const resolver = new Resolver({ timeout: 2_000, tries: 1 });
    resolver.setServers(["127.0.0.11"]);
    const unknown = (error) => {
        if (["ENOTFOUND", "ESERVFAIL", "ETIMEOUT"].includes(error.code)) return [];
        throw error;
    };
    console.log(JSON.stringify(await resolver.resolve4(process.argv[1]).catch(unknown)));
`;

/** The addresses that a name has in the container of a process; none where it is not known there. */
export async function lookUp(pid: number, name: string): Promise<string[]> {
    const look = [process.execPath, "--input-type=module", "--eval", LOOK_UP, name];
    const { stdout } = await execa("nsenter", [`--target=${pid}`, "--net", "--", ...look]);
    return JSON.parse(stdout) as string[];
}

/** What is served at an address, asked for in the network namespace of a process. */
export function figuresAt(pid: number, address: string, { port }: ScrapeJob): Promise<HttpAnswer> {
    return visit(pid, { kind: "http", url: `http://${address}:${port}/metrics` });
}

/** Looks up a job's name and asks each address, as Prometheus does. */
export async function scrape(pid: number, job: ScrapeJob): Promise<{ address: string; answer: HttpAnswer }[]> {
    const addresses = await lookUp(pid, job.name);
    return Promise.all(addresses.map(async (address) => ({ address, answer: await figuresAt(pid, address, job) })));
}
