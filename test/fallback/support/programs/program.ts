/** The recorded programs, resource by resource: inputs as Pulumi hands them to the provider, before and after the change. */
import type { Inputs, ResourceState } from "../engine.ts";

export interface ProgramResource {
    readonly name: string;
    /** Class name in `@pulumi/cloudflare`. */
    readonly type: string;
    inputs(context: ProgramContext): Inputs;
}

export interface ProgramContext {
    /** True after the change that the third recording shows. */
    readonly changed: boolean;
    /** A resource made before. */
    of(name: string): ResourceState;
}

export const accountId = "a".repeat(32);
export const zoneId = "b".repeat(32);
