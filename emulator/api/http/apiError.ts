/** One entry of `errors` in the v4 envelope. */
export interface ErrorDetail {
    readonly code: number;
    readonly message: string;
    readonly documentation_url?: string;
    /** JSON pointer (RFC 6901) to the value in the request body that is wrong. */
    readonly source?: { readonly pointer: string };
    /** The mistakes behind a summarising one, as DNS validation reports them. */
    readonly error_chain?: readonly ErrorDetail[];
}

/** A refusal: an HTTP status with the entries of the envelope's `errors`. */
export class ApiError extends Error {
    readonly status: number;
    readonly errors: readonly ErrorDetail[];
    readonly headers: Readonly<Record<string, string>>;

    constructor(
        status: number,
        errors: ErrorDetail | readonly ErrorDetail[],
        headers: Readonly<Record<string, string>> = {},
    ) {
        const list = "code" in errors ? [errors] : errors;
        super(list.map(({ message }) => message).join("; "));
        this.name = "ApiError";
        this.status = status;
        this.errors = list;
        // Official clients repeat a 409 up to ten times (three and a half minutes): a conflict in this emulator never
        // goes away by itself, and this header is how a server tells those clients so.
        this.headers = status === 409 ? { "x-should-retry": "false", ...headers } : headers;
    }
}

/** An identifier that no object has, or that is not even shaped like one: 7003 and 7000, as Cloudflare's router answers. */
export function notRoutable(path: string): ApiError {
    return new ApiError(404, [
        { code: 7003, message: `Could not route to ${path}, perhaps your object identifier is invalid?` },
        { code: 7000, message: "No route for that URI" },
    ]);
}

/**
 * A path that this emulator does not serve. Cloudflare has no such answer: it is ours, so that a client never takes
 * silence for success.
 */
export function notImplemented(method: string, path: string): ApiError {
    return new ApiError(501, {
        code: 501,
        message: `The emulator does not implement ${method} ${path}. It serves DNS, tunnels, Access and the parts of Zero Trust around them.`,
    });
}
