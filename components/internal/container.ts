import { NONROOT } from "./swarm.ts";

/** What none of our containers needs: root, capabilities, a way to either. */
export const WITHOUT_RIGHTS = {
    user: `${NONROOT}:${NONROOT}`,
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges"],
};
