import { ProxyLogLevel } from "../../proxy/traefik/logLevel.ts";

/** What the proxy of an HTTP link's client is made from. */
export interface HttpClient {
    hostname: string;
    localPort: number;
    dynamicFile: string;
}

/** One port of loopback, and nothing else. */
export function httpClientStatic({ localPort, dynamicFile }: HttpClient): object {
    return {
        global: { checkNewVersion: false, sendAnonymousUsage: false },
        log: { level: ProxyLogLevel.Info, format: "json" },
        entryPoints: { link: { address: `127.0.0.1:${localPort}` } },
        // A renewed token is read when the unit is reloaded.
        providers: { file: { filename: dynamicFile, watch: false } },
    };
}

/** Every request goes to the public host name with the token, whatever the program sent as such. Secret: it holds the token. */
export function httpClientDynamic(hostname: string, token: { clientId: string; clientSecret: string }): object {
    return {
        http: {
            routers: {
                link: { entryPoints: ["link"], rule: "PathPrefix(`/`)", service: "link", middlewares: ["token"] },
            },
            middlewares: {
                token: {
                    headers: {
                        customRequestHeaders: {
                            "CF-Access-Client-Id": token.clientId,
                            "CF-Access-Client-Secret": token.clientSecret,
                        },
                    },
                },
            },
            services: {
                link: {
                    loadBalancer: {
                        // The edge knows the host name alone.
                        passHostHeader: false,
                        servers: [{ url: `https://${hostname}` }],
                        serversTransport: "link",
                    },
                },
            },
            serversTransports: { link: { serverName: hostname } },
        },
    };
}
