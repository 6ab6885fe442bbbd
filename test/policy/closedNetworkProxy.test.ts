import { expect, it } from "vitest";
import { rules } from "../../policy/rules/index.ts";
import { closedNetworkProxy } from "./support/closedNetworkProxy.ts";
import { run } from "./support/judge.ts";

/** What is insecure in the tutorial, setting by setting, each with the rule that names it. */
const SETTINGS = {
    "no-published-container-port": ["port 80 ", "port 443 ", "port 8080 "],
    "no-writable-engine-socket-in-container": ["/var/run/docker.sock"],
    "traefik-dashboard-is-guarded": ["`api.insecure`", "`api.debug`"],
    "traefik-exposes-only-what-asks": ["`exposedByDefault`"],
    "traefik-believes-known-proxies-only": ["`entrypoints.insecure.forwardedheaders.insecure`"],
    "container-checks-certificates": ["'insecureSkipVerify'"],
    "traefik-log-is-not-debug": ["DEBUG"],
    "traefik-key-is-a-secret": ["/certs/cle-key.pem"],
};

const found = async (stack: string) => {
    const { violations, downgraded } = await run(rules, closedNetworkProxy(stack));
    expect(downgraded).toEqual([]);
    return violations;
};

it("refuses the eight insecure settings of the CNRS tutorial, each by its own rule", async () => {
    const violations = await found("staging");
    const byRule = Map.groupBy(violations, ({ rule }) => rule);
    expect([...byRule.keys()].toSorted()).toEqual(Object.keys(SETTINGS).toSorted());
    for (const [rule, mentions] of Object.entries(SETTINGS)) {
        const messages = (byRule.get(rule) ?? []).map(({ message }) => message);
        expect(messages, rule).toHaveLength(mentions.length);
        for (const [index, mention] of mentions.entries()) expect(messages[index]).toContain(mention);
    }
});

it("refuses its image without a digest in production as well", async () => {
    const names = new Set((await found("prod")).map(({ rule }) => rule));
    expect(names).toEqual(new Set([...Object.keys(SETTINGS), "image-has-digest"]));
});
