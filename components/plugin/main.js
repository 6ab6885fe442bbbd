// Where Pulumi enters the library for its other languages. `@pulumi/pulumi/cmd/run-plugin` calls `require()` under a ts-node of its own;
// the imports of a JavaScript module are Node's business alone, as in `policy/main.js`. `require()` takes no top-level `await`.
import { main } from "@pulumi/pulumi/provider/index.js";
import { ComponentProvider } from "./componentProvider.ts";

// Prints the port that the engine is to dial; a failure is an unhandled rejection, which the runner reports.
void main(new ComponentProvider(), process.argv.slice(2));
