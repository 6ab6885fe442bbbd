import { join } from "node:path";

/** The folder with `Pulumi.yaml`: this package's own. */
export const projectDir = join(import.meta.dirname, "..");

/** The policy pack that every `up` and `preview` of ours runs. */
export const policyPack = join(projectDir, "policy");
