/**
 * Runs the Pulumi program with `@pulumi/pulumi`'s runner. The SDK reads the stack's configuration from two environment
 * variables; they are set here, from a pipe, because what a process is started with shows in the process list.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const CONFIG_PIPE = 3;

const { config, secretKeys } = JSON.parse(readFileSync(CONFIG_PIPE, "utf8"));
process.env.PULUMI_CONFIG = JSON.stringify(config);
process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(secretKeys);
createRequire(resolve("package.json"))("@pulumi/pulumi/cmd/run");
