import type { Rule } from "../../rule.ts";
import { accessRules } from "./accessRules.ts";
import { accountObjects } from "./accountObjects.ts";
import { gatewayExpressionIsShort } from "./gatewayExpression.ts";
import { namesAreShort } from "./names.ts";
import { tunnelReplicas } from "./tunnelReplicas.ts";

/** What an account, an object and a name may be in size. */
export const limitRules: readonly Rule[] = [
    accountObjects,
    accessRules,
    namesAreShort,
    gatewayExpressionIsShort,
    tunnelReplicas,
];
