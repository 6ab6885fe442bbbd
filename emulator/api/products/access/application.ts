import { defineTable } from "../../store/store.ts";
import type { AttachedPolicy } from "./applicationPolicies.ts";
import type { Destination } from "./destinations.ts";

/** An Access application as the store keeps it: policies by reference, hostnames in one of their three views. */
export interface AccessApplication {
    readonly id: string;
    /** The audience tag: what tokens for this application carry, 64 hex digits, the same for the application's life. */
    readonly aud: string;
    readonly type: string;
    readonly name: string;
    readonly policies: readonly AttachedPolicy[];
    readonly destinations: readonly Destination[];
    readonly created_at: string;
    readonly updated_at: string;
    /** Everything else that the client sent, given back as it came. */
    readonly settings: Readonly<Record<string, unknown>>;
}

export const applications = defineTable<AccessApplication>("accessApplications");
