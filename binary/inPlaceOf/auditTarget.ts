import { needsProject } from "./needsProject.ts";

export const auditTarget: typeof import("../../cli/audit/target.ts").auditTarget = async () => {
    throw needsProject("the authorities of a stack", "name a file: --ca FILE");
};
