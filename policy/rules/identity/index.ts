import type { Rule } from "../../rule.ts";
import { authorityHasHostnames } from "./authorityHasHostnames.ts";
import { oidcLoginUsesPkce, samlRequestsAreSigned } from "./loginsAreBound.ts";
import { peopleAreNamedInApplication, peopleAreNamedInPolicy } from "./peopleAreNamed.ts";
import { pinIsNotTheOnlyLogin } from "./pinIsNotTheOnlyLogin.ts";
import { postureIsRequired } from "./postureIsRequired.ts";
import { providersAreNamed } from "./providersAreNamed.ts";

/** Who somebody is, and how that is proven. */
export const identityRules: readonly Rule[] = [
    peopleAreNamedInPolicy,
    peopleAreNamedInApplication,
    samlRequestsAreSigned,
    oidcLoginUsesPkce,
    pinIsNotTheOnlyLogin,
    postureIsRequired,
    authorityHasHostnames,
    providersAreNamed,
];
