/** The anchor that GitHub gives a heading: lower case, punctuation left out, hyphens for spaces. The site gives the same, so that a link is right in both places. */
export function slug(heading: string): string {
    return heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, "")
        .replace(/\s/g, "-");
}
