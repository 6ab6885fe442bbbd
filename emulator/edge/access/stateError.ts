/** What Access keeps in its state folder cannot be used; the message names the file and what to do about it. */
export class AccessStateError extends Error {
    override readonly name = "AccessStateError";
}
