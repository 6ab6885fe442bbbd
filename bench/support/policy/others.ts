import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { sallyportHome } from "../../../toolchain/index.ts";
import { CHECKOV_CHECKS } from "./resources.ts";

const source = join(import.meta.dirname, "..", "..", "programs", "conftest");

/** A program that judges a Terraform plan. */
export interface PlanJudge {
    readonly name: string;
    /** Runs it on a plan's file; answers the addresses in which it found something. */
    judge(plan: string): Promise<Set<string>>;
}

/** Open Policy Agent's conftest, compiled once from the Go module proxy below the folder for caches. */
export async function conftest(): Promise<PlanJudge> {
    const folder = join(sallyportHome(), "bench");
    mkdirSync(folder, { recursive: true });
    const program = join(folder, "conftest");
    if (!existsSync(program)) {
        process.stderr.write("compiling conftest, about 3 minutes\n");
        await execa("go", ["build", "-trimpath", "-o", program, "github.com/open-policy-agent/conftest"], {
            cwd: source,
            env: { CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false" },
        });
    }
    return {
        name: "conftest",
        judge: async (plan) => {
            const text = await output(program, ["test", plan, "--policy", join(source, "policy"), "--output", "json"]);
            const results = JSON.parse(text) as { failures?: { msg: string }[] }[];
            return new Set(results.flatMap(({ failures = [] }) => failures.map(({ msg }) => msg)));
        },
    };
}

/** Checkov 3.3.30 from PyPI, in a folder of its own below the one for caches. */
export async function checkov(): Promise<PlanJudge> {
    const folder = join(sallyportHome(), "bench", "checkov");
    const program = join(folder, "bin", "checkov");
    if (!existsSync(program)) {
        process.stderr.write("installing Checkov, about a minute\n");
        await execa("python3", ["-m", "venv", folder]);
        await execa(join(folder, "bin", "pip"), ["install", "--quiet", "checkov==3.3.30"]);
    }
    const options = ["--framework", "terraform_plan", "--check", CHECKOV_CHECKS.join(",")];
    return {
        name: "Checkov",
        judge: async (plan) => {
            // It would ask its maker's service for descriptions of the checks.
            const text = await output(program, [...options, "--skip-download", "--output", "json", "--file", plan]);
            const { results } = JSON.parse(text) as { results: { failed_checks: { resource: string }[] } };
            return new Set(results.failed_checks.map(({ resource }) => resource));
        },
    };
}

/** What a program prints; both end with 1 where they found something. */
async function output(command: string, args: readonly string[]): Promise<string> {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (chunk) => (text += chunk));
    const [code] = (await once(child, "close")) as [number];
    if (code !== 0 && code !== 1) throw new Error(`${command} ended with ${code}:\n${text}`);
    return text;
}
