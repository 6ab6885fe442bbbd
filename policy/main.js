// Where Pulumi enters the pack. `@pulumi/pulumi/cmd/run-policy-pack` calls `require()` under a ts-node of its own, which would
// type-check and translate a TypeScript entry (and fails on `import "./x.ts"`). A JavaScript module's imports are Node's business
// alone: `require(esm)` and type stripping, no build step.
import "./index.ts";
