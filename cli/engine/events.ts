import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import type { Progress } from "../../toolchain/index.ts";

/** A verdict of the policy pack on one resource or on the whole stack. */
export interface Violation {
    rule: string;
    /** `mandatory` stops the update, `advisory` does not. */
    level: string;
    /** Name of the resource; the stack's own where the rule judges all resources together. */
    resource: string;
    message: string;
}

export interface Changes {
    create: number;
    update: number;
    replace: number;
    delete: number;
    same: number;
}

/** What an update or preview has told so far. */
export interface Record {
    changes: Changes;
    violations: Violation[];
    errors: string[];
    steps: StepEventMetadata[];
    /** What came of the steps: of a refresh only these tell what it found. */
    results: StepEventMetadata[];
}

export function newRecord(): Record {
    return {
        changes: { create: 0, update: 0, replace: 0, delete: 0, same: 0 },
        violations: [],
        errors: [],
        steps: [],
        results: [],
    };
}

/** Reads one event of the engine into the record and onto the progress display. */
export function readEvent(record: Record, event: EngineEvent, progress: Progress): void {
    if (event.resourcePreEvent !== undefined) {
        const { metadata } = event.resourcePreEvent;
        record.steps.push(metadata);
        if (metadata.op !== "same") {
            progress.detail(`${metadata.op} ${resourceName(metadata.urn)}`);
        }
    }
    if (event.resOutputsEvent !== undefined) {
        record.results.push(event.resOutputsEvent.metadata);
    }
    if (event.policyEvent !== undefined) {
        const { policyName, enforcementLevel, resourceUrn, message } = event.policyEvent;
        record.violations.push({
            rule: policyName,
            level: enforcementLevel,
            resource: resourceUrn ? resourceName(resourceUrn) : "stack",
            message: uncoloured(message),
        });
    }
    if (event.diagnosticEvent?.severity === "error") {
        const { urn, message } = event.diagnosticEvent;
        const text = uncoloured(message).trim();
        record.errors.push(urn === undefined || urn === "" ? text : `${resourceName(urn)}: ${text}`);
    }
    if (event.summaryEvent !== undefined) {
        const {
            create = 0,
            update = 0,
            replace = 0,
            delete: deleted = 0,
            same = 0,
        } = event.summaryEvent.resourceChanges;
        record.changes = { create, update, replace, delete: deleted, same };
    }
}

/** The last part of a URN: the name that the program gave. */
export function resourceName(urn: string): string {
    return urn.split("::").at(-1) ?? urn;
}

/** The engine's colour marks look like `<{%reset%}>`. */
function uncoloured(text: string): string {
    return text.replaceAll(/<\{%[^%]*%\}>/g, "");
}
