/** Says what is wrong with an address on the web that must be reached over TLS, or nothing. */
export function httpsUrlProblem(url: string): string | undefined {
    const quoted = JSON.stringify(url);
    const parsed = URL.parse(url);
    if (parsed === null || parsed.host === "" || /\s/.test(url)) {
        return `${quoted} is not a URL. Write one such as "https://login.example.com/authorize".`;
    }
    if (parsed.protocol !== "https:") return `${quoted} is not reached over TLS. Write it with "https://".`;
    if (parsed.username !== "" || parsed.password !== "") {
        return "holds credentials. Write the URL without them.";
    }
    return undefined;
}

/** Says what is wrong with a colour of the login page, or nothing. */
export function colourProblem(colour: string): string | undefined {
    if (/^#[0-9a-f]{6}$/i.test(colour)) return undefined;
    return `${JSON.stringify(colour)} is not a colour. Write six hexadecimal digits after "#", such as "#1d1d1d".`;
}
