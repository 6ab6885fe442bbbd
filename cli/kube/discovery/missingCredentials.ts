/** How each cloud's SDK names the error for a chain of credentials that comes to nothing, or a part of what it says where it has no name of its own. */
const MARKS =
    /CredentialsProviderError|AggregateAuthenticationError|CredentialUnavailableError|Could not load the default credentials/;

/**
 * What a source's reading gives; where it failed for want of credentials, with what to do in place of the SDK's account of every place in which it
 * looked.
 */
export async function orLogin<T>(command: string, reading: Promise<T>): Promise<T> {
    try {
        return await reading;
    } catch (error) {
        throw MARKS.test(String(error)) ? new Error(`no credentials; run: ${command}`, { cause: error }) : error;
    }
}
