import { expect } from "vitest";
import { ToolError } from "../../../toolchain/index.ts";

/** The error that a promise ends with, or that a function throws. */
export async function errorOf(work: Promise<unknown> | (() => void)): Promise<ToolError> {
    const outcome = await Promise.resolve(
        typeof work === "function" ? new Promise<void>((done) => done(work())) : work,
    ).then(
        () => undefined,
        (error: unknown) => error,
    );
    expect(outcome).toBeInstanceOf(ToolError);
    return outcome as ToolError;
}
