import type { Rule } from "../../rule.ts";
import { baseUrlIsLocal } from "./baseUrlIsLocal.ts";
import { noReplacedResource } from "./noReplacedResource.ts";

/** With whom the providers talk, and under which names. */
export const providerRules: readonly Rule[] = [baseUrlIsLocal, noReplacedResource];
