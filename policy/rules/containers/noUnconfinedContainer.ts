import type { ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, knownItems, text } from "../../values.ts";

/** What switches a confinement of Docker's off, written with `=` or `:` (docs.docker.com/engine/security). */
const OFF: Readonly<Record<string, string>> = {
    "seccomp=unconfined": "every system call",
    "apparmor=unconfined": "no AppArmor profile",
    "label=disable": "no SELinux label",
    "systempaths=unconfined": "the kernel's masked paths",
    "no-new-privileges=false": "programs that change their user",
};

export const noUnconfinedContainer: ResourceRule = {
    name: "no-unconfined-container",
    description: "A container keeps the confinement that Docker gives it.",
    severity: "high",
    remediationSteps: "Remove the option from `securityOpts`, or name a profile of the program's own.",
    type: Token.container,
    judge: ({ name, props }) =>
        knownItems(at(props, "securityOpts")).flatMap((option) => {
            const written = (text(option) ?? "").replace(":", "=");
            const what = Object.hasOwn(OFF, written) ? OFF[written] : undefined;
            if (what === undefined) return [];
            return [
                {
                    wrong: `Container '${name}' has "${option}" in \`securityOpts\`, which allows ${what}.`,
                    instead: "Remove it.",
                },
            ];
        }),
};
