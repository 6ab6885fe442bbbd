/** Whether a URL names this machine and nothing else. */
export function isLoopback(url: string): boolean {
    const { hostname } = URL.canParse(url) ? new URL(url) : { hostname: "" };
    return /^(127(\.\d{1,3}){3}|\[::1\]|localhost)$/.test(hostname);
}
