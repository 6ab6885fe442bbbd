import type { Owner } from "../../../cli/swarm/owner.ts";
import { parseEnvironment } from "../../../stacks/config/parse.ts";
import { ACCOUNT, ZONE } from "../../components/fixtures.ts";
import { RULES } from "./labelled.ts";

/** A stack that lets labels ask for what {@link RULES} say; nothing of it is deployed. */
export const OWNER: Owner = {
    environment: parseEnvironment({
        stack: "staging",
        file: "Pulumi.staging.yaml",
        projectDir: "/",
        values: {
            accountId: ACCOUNT,
            zone: "example.com",
            zoneId: ZONE,
            team: "example",
            audiences: { staff: { emailDomains: ["example.com"] } },
        },
    }),
    rules: RULES,
    zoneId: ZONE,
    policyIds: { staff: ["policy-staff"], oncall: ["policy-oncall"] },
    api: { baseUrl: "http://127.0.0.1:1", token: "none" },
    pulumi: { pulumi: "/pulumi", pulumiHome: "/home", providers: "fallback", env: {} },
    engineEnv: {},
};
