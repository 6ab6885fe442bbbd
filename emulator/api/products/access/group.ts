import { defineTable } from "../../store/store.ts";
import type { RuleLists } from "./rules.ts";

/** A named set of rules that policies refer to by id. */
export interface AccessGroup extends RuleLists {
    readonly id: string;
    readonly name: string;
    readonly is_default?: boolean | undefined;
    readonly created_at: string;
    readonly updated_at: string;
}

export const groups = defineTable<AccessGroup>("accessGroups");
