import { z } from "zod";
import { TunnelManagement } from "../../components/tunnel/management.ts";
import {
    emailProblem,
    type RotationSchedule,
    tunnelIdProblem,
    tunnelNameProblem,
} from "../../components/validation/index.ts";
import { rotation } from "./rotation.ts";
import { text } from "./text.ts";

/** The stack's tunnel. */
export interface TunnelConfig {
    /** Name in the dashboard. */
    name: string;
    /** Where connectors take their rules from; omitted means Cloudflare. */
    management?: TunnelManagement;
    /** When the secret is replaced; omitted means never by itself. */
    rotation?: RotationSchedule;
    /** UUID of a tunnel that exists and becomes the stack's. */
    adopt?: string;
    /** Logical name of the tunnel in an older program of this stack. */
    formerName?: string;
    /** Whom Cloudflare tells when it serves no more. */
    alert?: { emails: string[]; degraded?: boolean };
    /** Argo Smart Routing of the zone; omitted means left as it is. */
    smartRouting?: boolean;
}

/** The same as zod checks it; the name's default is the stack's. */
export const tunnel = z
    .strictObject({
        name: text(tunnelNameProblem).optional(),
        management: z.enum(TunnelManagement, { error: 'is unknown. Write "remote" or "local".' }).optional(),
        rotation: rotation.optional(),
        adopt: text(tunnelIdProblem).optional(),
        formerName: z.string().min(1, "is empty. Write the old resource's logical name.").optional(),
        alert: z
            .strictObject({
                emails: z.array(text(emailProblem)).min(1, "is empty, so nobody would be told. Write at least one."),
                degraded: z.boolean().optional(),
            })
            .optional(),
        smartRouting: z.boolean().optional(),
    })
    .superRefine(({ adopt, rotation: schedule, formerName, name }, context) => {
        if (adopt === undefined) return;
        const stray = 'contradicts "adopt": an adopted tunnel keeps what it has. Remove one of them.';
        const add = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
        if (schedule !== undefined) add("rotation", stray);
        if (formerName !== undefined) add("formerName", stray);
        if (name === undefined) add("name", "is missing. Write the name that the adopted tunnel has in the dashboard.");
    })
    .prefault({});
