/** The project that somebody stands in, if it is one. */
import { join } from "node:path";

export const projectDir = process.cwd();
export const policyPack = join(projectDir, "policy");
export const cliProgram = process.execPath;
