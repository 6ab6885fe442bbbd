import { expect, it } from "vitest";
import { summary } from "../../cli/audit/audit.ts";
import { dockerChecks } from "../../cli/audit/dockerChecks.ts";

it("an audit of an environment without Docker lists what only Docker could tell as not checked, not as passed", async () => {
    const { checks, notChecked } = summary(await dockerChecks({ stack: "local", runsInDocker: false }));
    expect(checks).toEqual([]);
    expect(notChecked.map(({ id, reason }) => [id, reason])).toEqual([
        ["no-published-port", "the environment runs without Docker"],
        ["every-replica-runs", "the environment runs without Docker"],
    ]);
});
