import { scriptsOfResources } from "../../exposure/docker/scripts.ts";
import { exposureRule } from "../../exposure/opening.ts";

/** What a command starts is out of the program's sight, and a port that it publishes is as open as any other. */
export const noPublishedPortInScript = exposureRule({
    name: "no-published-port-in-script",
    description: "No script starts a container or a Compose service with a published port or on the host's network.",
    severity: "critical",
    remediationSteps:
        "Declare the container as a resource without ports, or leave `--publish`, `ports` and the host's network out of the script.",
    checks: scriptsOfResources,
});
