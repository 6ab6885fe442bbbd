import { askForAgreement } from "../ui/agreement.ts";
import type { Authority } from "./authority.ts";
import { certificateFile, forget, type Installed, installedAuthorities, note } from "./journal.ts";
import { storesOf } from "./stores.ts";
import type { Through } from "./through.ts";
import { type Command, commandLine, runCommand } from "./trustStore.ts";

export interface InstallOptions {
    readonly authorities: readonly Authority[];
    /** Where they come from: a stack's name, or a file. */
    readonly from: string;
    readonly through: Through;
    /** Whether the user agreed beforehand. */
    readonly yes: boolean;
}

/** What was done, a store each. */
export interface Changed {
    readonly authority: string;
    readonly store: string;
    /** False where nothing was to be done. */
    readonly changed: boolean;
}

interface Step {
    readonly installed: Installed;
    readonly store: string;
    readonly commands: readonly Command[];
}

/** Makes this machine trust authorities, wherever it does not yet. @throws CommandError where nobody agrees (exit 2), or a command fails (exit 3). */
export async function installAuthorities({ authorities, from, through, yes }: InstallOptions): Promise<Changed[]> {
    const stores = await storesOf(through);
    const known = new Map(installedAuthorities().map((one) => [one.authority.fingerprint, one]));
    const changes: Changed[] = [];
    const steps: Step[] = [];
    const newlyNoted: Installed[] = [];
    for (const authority of authorities) {
        const missing = [];
        for (const store of stores) {
            const has = await store.has(authority);
            if (!has) missing.push(store);
            changes.push({ authority: authority.name, store: store.name, changed: !has });
        }
        if (missing.length === 0) continue;
        const before = known.get(authority.fingerprint);
        const installed = before ?? note(authority, from, through);
        if (before === undefined) newlyNoted.push(installed);
        const file = certificateFile(installed);
        steps.push(
            ...missing.map((store) => ({ installed, store: store.name, commands: store.adding(authority, file) })),
        );
    }
    try {
        await agreeTo(
            `Trust ${steps.length === 1 ? "it" : "them"} on this machine?`,
            warnings(authorities, steps),
            steps,
            yes,
        );
    } catch (error) {
        for (const installed of newlyNoted) forget(installed);
        throw error;
    }
    await runSteps(steps);
    return changes;
}

/** Undoes {@link installAuthorities}, also where the stack is gone. @throws as that does. */
export async function uninstallAuthorities(installed: readonly Installed[], yes: boolean): Promise<Changed[]> {
    const changes: Changed[] = [];
    const steps: Step[] = [];
    for (const one of installed) {
        for (const store of await storesOf(one.through)) {
            const has = await store.has(one.authority);
            changes.push({ authority: one.authority.name, store: store.name, changed: has });
            const commands = store.removing(one.authority, certificateFile(one));
            if (has) steps.push({ installed: one, store: store.name, commands });
        }
    }
    await agreeTo("Trust no longer?", [], steps, yes);
    await runSteps(steps);
    for (const one of installed) forget(one);
    return changes;
}

/** An authority that may certify any name is trusted with all of them. */
function warnings(authorities: readonly Authority[], steps: readonly Step[]): string[] {
    if (steps.length === 0) return [];
    return authorities
        .filter(({ isConstrained }) => !isConstrained)
        .map(({ name }) => `${name} may certify any name: whoever has its key can pass for any site on this machine.`);
}

async function agreeTo(question: string, told: readonly string[], steps: readonly Step[], yes: boolean): Promise<void> {
    if (steps.length === 0) return;
    const lines = steps.flatMap(({ installed, store, commands }) => [
        `${installed.authority.name} in ${store}:`,
        ...commands.map((command) => `  ${commandLine(command)}`),
    ]);
    process.stderr.write(`${[...lines, ...told].join("\n")}\n`);
    if (!yes) await askForAgreement(question, "the commands");
}

async function runSteps(steps: readonly Step[]): Promise<void> {
    for (const command of steps.flatMap(({ commands }) => commands)) await runCommand(command);
}
