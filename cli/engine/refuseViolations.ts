import { CommandError, Exit } from "../exit.ts";
import type { Violation } from "./events.ts";

/** @throws CommandError (exit 1) with everything for which the policy pack stops an update. */
export function refuseViolations(violations: readonly Violation[]): void {
    const mandatory = violations.filter(({ level }) => level === "mandatory");
    if (mandatory.length > 0) {
        const lines = mandatory.map(({ rule, resource, message }) => `  ${rule} (${resource}): ${message}`);
        throw new CommandError(Exit.no, ["the policy pack refuses the stack:", ...lines].join("\n"));
    }
}
