/** What the proxy writes to its log. */
export const ProxyLogLevel = { Debug: "DEBUG", Info: "INFO", Warn: "WARN", Error: "ERROR" } as const;
export type ProxyLogLevel = (typeof ProxyLogLevel)[keyof typeof ProxyLogLevel];
