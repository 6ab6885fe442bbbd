/**
 * A policy pack that ends with whoever keeps it: `policyPack.ts <module to run> <its arguments>`, started by `runtime.ts`. The pack itself would go on
 * for ever when that process is killed.
 */
import { createRequire } from "node:module";

const [runner = "", ...args] = process.argv.slice(2);
process.once("disconnect", () => process.exit(0));
// As if the runner had been started itself.
process.argv = [process.execPath, runner, ...args];
createRequire(import.meta.url)(runner);
