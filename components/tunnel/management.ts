/** Where a tunnel's connectors take their ingress rules from. */
export const TunnelManagement = {
    /** From Cloudflare, which tells every connector of a change at once. */
    Remote: "remote",
    /** From a file beside the credentials, which a change in the dashboard does not touch. */
    Local: "local",
} as const;
export type TunnelManagement = (typeof TunnelManagement)[keyof typeof TunnelManagement];
