import * as pulumi from "@pulumi/pulumi";
import type { ProxySettings } from "./settings.ts";

/** What runs where nothing else is said. */
export const TRAEFIK_IMAGE = "traefik:v3.6.15";

/** Name under which the proxy answers on its networks where nothing else is said. */
export const PROXY_ALIAS = "traefik";

/** The same arguments with the private keys as secrets. */
export function withSecretKeys<T extends ProxySettings>(args: T): T {
    const certificates = args.certificates.map((pair) => ({ ...pair, keyPem: pulumi.secret(pair.keyPem) }));
    return { ...args, certificates };
}
