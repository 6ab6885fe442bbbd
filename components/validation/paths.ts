const SEGMENT = /^[A-Za-z0-9._~@:+-]+$/;

/**
 * Says what is wrong with the path of a public application, or nothing.
 *
 * A path is a prefix of whole segments: `/admin` stands for `/admin` and everything below `/admin/`, in Access, in the
 * connector and in Traefik alike. So there is no wildcard, no regular expression and no trailing slash to write, and the
 * three can never disagree about which rule guards a request.
 */
export function pathProblem(path: string): string | undefined {
    const quoted = JSON.stringify(path);
    if (path === "") return 'is empty. Leave "path" out to serve the whole host name.';
    if (path === "/") return '"/" is the whole host name. Leave "path" out.';
    if (!path.startsWith("/")) return `${quoted} does not start with "/". Write ${JSON.stringify(`/${path}`)}.`;
    if (/[?#]/.test(path)) {
        return `${quoted} contains a query or a fragment. Write ${JSON.stringify(path.replace(/[?#].*$/, ""))}.`;
    }
    if (path.endsWith("/*"))
        return `${quoted} ends with a wildcard. A path covers what is below it; write ${JSON.stringify(path.slice(0, -2))}.`;
    if (path.endsWith("/")) return `${quoted} ends with a slash. Write ${JSON.stringify(path.replace(/\/+$/, ""))}.`;
    const segments = path.slice(1).split("/");
    if (segments.includes(""))
        return `${quoted} has an empty segment. Write ${JSON.stringify(path.replace(/\/+/g, "/"))}.`;
    if (segments.includes(".") || segments.includes("..")) {
        return `${quoted} contains "." or "..". Write the path that they lead to.`;
    }
    const bad = segments.find((segment) => !SEGMENT.test(segment));
    if (bad !== undefined) {
        return `${quoted} has the segment ${JSON.stringify(bad)}. A segment has letters, digits and . _ ~ @ : + - only.`;
    }
    return undefined;
}

/**
 * The regular expression with which cloudflared matches a path and everything below it.
 *
 * cloudflared takes an unanchored RE2 expression (`ingress/rule.go`): a bare `/admin` would match `/public/admin` and `/administrator` too.
 */
export function ingressPathPattern(path: string): string {
    return `^${path.replace(/[.+]/g, "\\$&")}(/|$)`;
}

/** Says what is wrong with the absolute path of a program on a machine, or nothing. A unit file would take a blank for the end of it. */
export function executableProblem(path: string): string | undefined {
    const fits = /^(\/[A-Za-z0-9._+-]+)+$/.test(path) && !path.split("/").includes("..");
    return fits
        ? undefined
        : `${JSON.stringify(path)} is not the path of a program. Write one such as "/usr/local/bin/cloudflared".`;
}

/** Says what is wrong with a folder of a machine, or nothing: it stands in units, scripts and mounts as it is. */
export function folderProblem(folder: string): string | undefined {
    if (/^(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/.test(folder)) return undefined;
    return `${JSON.stringify(folder)} is not a folder. Write an absolute path such as "/etc/sallyport/traefik".`;
}
