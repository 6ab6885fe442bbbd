import type * as pulumi from "@pulumi/pulumi";
import type * as library from "../../../../components/index.ts";
import { ACCOUNT } from "../../fixtures.ts";

/** A component with arguments that are right. */
export interface Example {
    component: keyof typeof library;
    args: object;
}

/** Examples of one component, held to its arguments by their type. */
export const of = <Args extends object>(
    component: keyof typeof library,
    _: new (name: string, args: Args) => pulumi.ComponentResource,
    ...all: Args[]
): Example[] => all.map((args) => ({ component, args }));

export const account = { accountId: ACCOUNT, team: "team" };
export const rotation = { since: "2027-01-01", every: "720h", overlap: "48h", firstVersion: 2 };
/** What requests may go through wherever a proxy runs: it asks nobody. */
export const harmless: library.LabelMiddleware[] = [
    {
        name: "headers",
        headers: {
            request: { "X-Team": "platform" },
            response: { Server: "" },
            stsSeconds: 31_536_000,
            stsIncludeSubdomains: true,
            frameDeny: false,
            contentTypeNosniff: true,
            contentSecurityPolicy: "default-src 'self'",
            referrerPolicy: "same-origin",
            permissionsPolicy: "camera=()",
        },
    },
    { name: "rate-limit", rateLimit: { average: 100, periodSeconds: 60, burst: 20 } },
    { name: "compress", compress: { minBytes: 512, excludedContentTypes: ["text/event-stream"] } },
    { name: "offices", ipAllowList: { ranges: ["10.20.0.0/24"] } },
];
