/** Pages that go into a package with the links that lead somewhere in it. */
import { posix } from "node:path";

/** `[label](target)`, where the target is a file beside the page. */
const LINK = /\[([^\]]*)\]\((?![a-z]+:|#)([^)\s#]+)(#[^)\s]*)?\)/g;

/**
 * A page in its new place: links to what the package has lead there, of others the label is left.
 *
 * @param from path of the page in the repository.
 * @param to its place in the package.
 * @param placeOf place in the package of a file of the repository; undefined for what is not in it.
 */
export function movePage(
    text: string,
    from: string,
    to: string,
    placeOf: (path: string) => string | undefined,
): string {
    return text.replace(LINK, (_, label: string, target: string, fragment = "") => {
        const place = placeOf(posix.join(posix.dirname(from), target));
        return place === undefined ? label : `[${label}](${posix.relative(posix.dirname(to), place)}${fragment})`;
    });
}
