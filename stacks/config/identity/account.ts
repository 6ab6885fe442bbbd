import { z } from "zod";
import {
    certificateProblem,
    colourProblem,
    displayNameProblem,
    httpsUrlProblem,
    seatExpirationProblem,
    teamSessionProblem,
    warpSessionProblem,
} from "../../../components/validation/index.ts";
import { text } from "../text.ts";

/** An authority whose client certificates the edge accepts. */
export const clientCertificate = z.strictObject({
    certificate: text((pem) =>
        /PRIVATE KEY/.test(pem)
            ? "holds a private key, which Cloudflare must not see. Give the certificate alone."
            : certificateProblem(pem),
    ),
    hostnames: z
        .array(z.string())
        .min(1, "is empty, so nobody would be asked for a certificate. Write at least one host name."),
    forwardToOrigin: z.boolean().optional(),
});

export type ClientCertificateConfig = z.infer<typeof clientCertificate> & { name: string };

/** Settings of the account's Access organization; what is left out stays as it is. */
export const organization = z
    .strictObject({
        organizationName: text(displayNameProblem).optional(),
        sessionDuration: text(teamSessionProblem).optional(),
        loginPage: z
            .strictObject({
                backgroundColor: text(colourProblem).optional(),
                textColor: text(colourProblem).optional(),
                logoUrl: text(httpsUrlProblem).optional(),
                headerText: z.string().optional(),
                footerText: z.string().optional(),
            })
            .optional(),
        autoRedirectToIdentity: z.boolean().optional(),
        readOnlyDashboard: z.boolean().optional(),
        readOnlyReason: z.string().optional(),
        seatExpiration: text(seatExpirationProblem).optional(),
        allowAuthenticateViaWarp: z.boolean().optional(),
        warpSessionDuration: text(warpSessionProblem).optional(),
    })
    .refine(({ readOnlyDashboard, readOnlyReason }) => readOnlyReason === undefined || readOnlyDashboard === true, {
        path: ["readOnlyReason"],
        message: 'is said of a dashboard that can be written. Set "readOnlyDashboard" to true.',
    });

export type OrganizationConfig = z.infer<typeof organization>;
