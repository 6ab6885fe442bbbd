import type { Rule } from "../../rule.ts";
import { noSecretInContainer, noSecretInService, noSecretInServiceConfig } from "./noSecretInClear.ts";

/** Where tokens, keys and passwords stand. */
export const secretsRules: readonly Rule[] = [noSecretInService, noSecretInContainer, noSecretInServiceConfig];
