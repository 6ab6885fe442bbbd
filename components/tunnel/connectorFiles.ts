/** Says what is wrong with the ingress rules of a locally managed tunnel, or nothing. */
export function configFileProblem(file: string): string | undefined {
    return file.trim() === ""
        ? 'is empty. Give the "configFile" of a TunnelIngress whose management is "local", or leave it out.'
        : undefined;
}

/** Says what is wrong with a credentials file, or nothing. Never quotes the value: it is a secret. */
export function credentialsProblem(credentials: string): string | undefined {
    try {
        const { AccountTag, TunnelSecret, TunnelID } = JSON.parse(credentials);
        if ([AccountTag, TunnelSecret, TunnelID].every((part) => typeof part === "string" && part !== ""))
            return undefined;
    } catch {
        // Said below: text that is not JSON is as wrong as JSON without the fields.
    }
    return 'is not a credentials file. Give the "credentials" of a NamedTunnel.';
}
