import type { LabelledService, LabelledServiceNetwork } from "../../../components/swarm/labelledService.ts";
import type { LabelRules } from "../../../components/swarm/labelRules.ts";

/** What the owner of the stacks under test allows. */
export const RULES: LabelRules = {
    zone: "example.com",
    hostnames: ["*-dev.example.com", "wiki.example.com"],
    audiences: [{ name: "staff" }, { name: "oncall", sessionDuration: "8h" }],
    maxSession: "12h",
    reservedHostnames: ["own-dev.example.com"],
};

/** Labels that are allowed. */
export const GOOD = {
    "sallyport.enable": "true",
    "sallyport.hostname": "web-dev.example.com",
    "sallyport.port": "8080",
    "sallyport.audience": "staff",
} as const;

export function overlay(name: string, more: Partial<LabelledServiceNetwork> = {}): LabelledServiceNetwork {
    return { id: `id-of-${name}`, name, driver: "overlay", internal: false, ingress: false, ...more };
}

/** A service with good labels and one overlay network, but for what is said. */
export function service(name: string, more: Partial<LabelledService> = {}): LabelledService {
    return {
        id: `id-of-${name}`,
        name,
        labels: { ...GOOD },
        networks: [overlay("shop_default")],
        createdAt: "2026-11-22T08:00:00.123456789Z",
        ...more,
    };
}

/** {@link GOOD} with other or further labels. */
export function labels(more: Record<string, string>): Record<string, string> {
    return { ...GOOD, ...more };
}
