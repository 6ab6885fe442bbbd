/** Settings of cloudflared itself, and what it needs not know: rights on the account, other secrets of ours. */
const KEPT_BACK = /^(TUNNEL_|CF_|CLOUDFLARE_|PULUMI_|SALLYPORT_)/i;

/**
 * The environment of a cloudflared that runs on behalf of a person: theirs, so that proxies, the browser and the folder with logins are
 * found, without any setting of cloudflared that we do not make here.
 */
export function cloudflaredEnv(settings: Readonly<Record<string, string>>): Record<string, string> {
    const own = Object.entries(process.env).filter(([name]) => !KEPT_BACK.test(name));
    return { ...(Object.fromEntries(own) as Record<string, string>), NO_AUTOUPDATE: "true", ...settings };
}
