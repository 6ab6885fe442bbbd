/** An address and a port, as URLs and configurations write them: an IPv6 address in brackets. */
export function hostPort(address: string, port: number | undefined): string {
    return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}
