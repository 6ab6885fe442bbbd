/** What the single file carries beside its program: the executable of cloudflared, and where that came from. */
export const CLOUDFLARED = "cloudflared";
export const CLOUDFLARED_SOURCE = "cloudflared-source";
