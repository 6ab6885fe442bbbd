import type { AppConfig } from "./config/environment.ts";

/** HTTP goes through the proxy, so that it is encrypted on its way there; other protocols go straight to their service. */
export function isHttp({ service }: Pick<AppConfig, "service">): boolean {
    return /^(https?|wss?):/.test(service);
}
