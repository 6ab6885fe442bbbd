import { ApiError } from "../../http/apiError.ts";
import { type InvalidRequest, withPointer, worded } from "../../http/validation.ts";

/**
 * Access words its refusals as `access.api.error.<kind>: <detail>`. The namespace, 9999, 11010, 11020, 12130 and 12132
 * have been seen in answers of the real API; the code of `not_found` is not verified.
 */
const namespace = "access.api.error";

export const invalidAccessRequest: InvalidRequest = (mistakes) =>
    new ApiError(
        400,
        mistakes.map((mistake) =>
            withPointer({ code: 12130, message: `${namespace}.invalid_request: ${worded(mistake)}` }, mistake),
        ),
    );

export const accessNotFound = (): ApiError => new ApiError(404, { code: 11021, message: `${namespace}.not_found` });

export const accessConflict = (detail: string): ApiError =>
    new ApiError(409, { code: 12132, message: `${namespace}.conflict: ${detail}` });

/** An account may have no more of them. The limits are documented (cloudflare-one/account-limits), the answer is not verified. */
export const accessQuota =
    (what: string) =>
    (limit: number): ApiError =>
        new ApiError(400, {
            code: 12130,
            message: `${namespace}.invalid_request: an account has at most ${limit} ${what}`,
        });

/** The account or zone has no Access organization. */
export const accessNotEnabled = (): ApiError =>
    new ApiError(404, {
        code: 9999,
        message: `${namespace}.not_enabled: Access is not enabled. Visit the Access dashboard at https://dash.cloudflare.com/ and click the 'Enable Access' button.`,
    });

/** Another application already answers on one of the hostnames. */
export const applicationExists = (): ApiError =>
    new ApiError(409, { code: 11010, message: `${namespace}.application_already_exists` });

/** A rule names a group that is not there. */
export const groupNotLoaded = (): ApiError =>
    new ApiError(400, { code: 11020, message: `${namespace}.failed_to_load_group` });
