import type { Rule } from "../../rule.ts";
import { routeIsDeniedByDefault } from "./routeIsDeniedByDefault.ts";
import { routeIsPrivate } from "./routeIsPrivate.ts";
import { routesDoNotOverlap } from "./routesDoNotOverlap.ts";

/** Private addresses behind a tunnel. */
export const networkRules: readonly Rule[] = [routeIsPrivate, routesDoNotOverlap, routeIsDeniedByDefault];
