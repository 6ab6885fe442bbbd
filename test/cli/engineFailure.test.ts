import { StackNotFoundError } from "@pulumi/pulumi/automation/index.js";
import { describe, expect, it } from "vitest";
import { explainFailure, isNowhere } from "../../cli/engine/failure.ts";
import { Exit } from "../../cli/exit.ts";

const NOT_LOGGED_IN = new Error("error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions");

/** As the Automation API throws it; its types keep the constructor, and what it is given, to themselves. */
function notFound(stack: string): Error {
    const result = {
        toString: () => `code: 255\n stdout: \n stderr: error: no stack named '${stack}' found\n err?: \n`,
    };
    return new (StackNotFoundError as unknown as new (result: object) => Error)(result);
}

describe("what the engine could not do", () => {
    it("is a stack that has to be made first, by its name", () => {
        expect(explainFailure(notFound("staging"))).toMatchObject({
            exit: Exit.usage,
            message: "the stack staging is not at the backend that you are logged in to",
            fix: expect.stringContaining("npx pulumi stack init"),
        });
    });

    it("is a login that is missing", () => {
        expect(explainFailure(NOT_LOGGED_IN)).toMatchObject({
            exit: Exit.usage,
            message: expect.stringContaining("nobody is logged in to a Pulumi backend"),
            fix: expect.stringContaining("npx pulumi login"),
        });
    });

    it("is told apart from what has another cause, so that questions are answered from the files instead", () => {
        expect(isNowhere(explainFailure(notFound("staging")))).toBe(true);
        expect(isNowhere(explainFailure(NOT_LOGGED_IN))).toBe(true);
        expect(isNowhere(explainFailure(new Error("error: the bucket is gone")))).toBe(false);
    });
});
