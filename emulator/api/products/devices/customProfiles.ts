import { z } from "zod";
import { ApiError } from "../../http/apiError.ts";
import { collection } from "../../http/collection.ts";
import { type ApiRequest, accountLevel, type Endpoint, endpoints } from "../../http/endpoint.ts";
import { singlePage } from "../../http/paging.ts";
import { newUuid } from "../../identifiers.ts";
import { defineTable } from "../../store/store.ts";
import { expressionProblem } from "../gateway/expressions.ts";
import { profileFields, refuseEmpty, splitTunnelsAfter } from "./profileSettings.ts";

const own = {
    name: z.string().min(1, "is empty; give the profile a name").max(100),
    match: z
        .string()
        .min(1, "is empty; write whose devices it is for")
        .superRefine((text, context) => {
            const message = expressionProblem(text);
            if (message !== undefined) {
                context.addIssue({ code: "custom", message });
            }
        }),
    precedence: z.number().min(1),
    description: z.string().max(500),
    enabled: z.boolean(),
};
const creation = z.strictObject({
    ...profileFields,
    name: own.name,
    match: own.match,
    precedence: own.precedence,
    description: own.description.optional(),
    enabled: own.enabled.default(true),
});
const change = z.strictObject({
    ...profileFields,
    name: own.name.optional(),
    match: own.match.optional(),
    precedence: own.precedence.optional(),
    description: own.description.optional(),
    enabled: own.enabled.optional(),
});

/** The settings of the devices that an expression names. */
interface CustomProfile extends z.infer<typeof creation> {
    readonly id: string;
}

export const customProfiles = defineTable<CustomProfile>("deviceCustomProfiles");

/** Device profiles of one's own: at `devices/policy` like the default one, which has no id, and listed at `devices/policies`. */
export const customProfileEndpoints: readonly Endpoint[] = [
    ...endpoints(accountLevel, "GET", "/devices/policies", (request) =>
        request.page(request.table(customProfiles).all(), singlePage, (row) => shown(row, request)),
    ),
    ...collection<CustomProfile>({
        table: customProfiles,
        at: accountLevel,
        path: "/devices/policy",
        idParam: ":policy_id",
        updateMethod: "PATCH",
        notFound: () => new ApiError(404, { code: 2003, message: "Device policy not found" }),
        create: (request) => {
            const given = request.body(creation);
            refuseTakenPlace(request, given.precedence);
            return { exclude: [], include: [], ...splitTunnelsAfter(given), ...given, id: newUuid() };
        },
        update: (request, current) => {
            const changes = request.body(change);
            refuseEmpty(changes);
            if (changes.precedence !== undefined && changes.precedence !== current.precedence) {
                refuseTakenPlace(request, changes.precedence);
            }
            return { ...current, ...splitTunnelsAfter(changes), ...changes };
        },
        present: shown,
    }).filter(({ method, path }) => !(method === "GET" && path.endsWith("/devices/policy"))),
];

function shown({ id, ...settings }: CustomProfile, request: ApiRequest): unknown {
    return {
        default: false,
        gateway_unique_id: request.scope.accountId,
        policy_id: id,
        fallback_domains: [],
        target_tests: [],
        ...settings,
    };
}

/** Two profiles at one place could both claim a device. The status is that of the API, the code is not verified. */
function refuseTakenPlace(request: ApiRequest, precedence: number): void {
    if (request.table(customProfiles).find((profile) => profile.precedence === precedence)) {
        throw new ApiError(409, { code: 2009, message: "A device policy with this precedence already exists" });
    }
}
