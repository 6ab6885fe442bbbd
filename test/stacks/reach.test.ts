import { describe, expect, it } from "vitest";
import type { Environment } from "../../stacks/config/environment.ts";
import { compareReach, reachOf } from "../../stacks/reach.ts";

const nobody = { emails: [], emailDomains: [], ipRanges: [], countries: [], serviceTokens: [] };

function environment(change: Partial<Environment> = {}): Environment {
    return {
        stack: "staging",
        accountId: "a".repeat(32),
        zone: { name: "example.com" },
        team: "example",
        audiences: [{ ...nobody, name: "staff", emailDomains: ["example.com"] }],
        serviceTokens: [],
        identityProviders: [],
        posture: [],
        clientCertificates: [],
        apps: [
            { name: "grafana", hostname: "grafana.example.com", service: "http://grafana:3000", audience: ["staff"] },
        ],
        privateNetworks: [],
        deviceProfiles: [],
        tunnel: { name: "sallyport-staging" },
        connector: {},
        proxy: {},
        demo: false,
        ...change,
    };
}

const people = { who: "people of @example.com", what: "grafana.example.com (http://grafana:3000)" };

describe("who gains and who loses access", () => {
    it("is everybody when nothing was there before", () => {
        expect(compareReach([], reachOf(environment()))).toMatchObject({ gained: [people], lost: [], changed: [] });
    });

    it("is nobody when an audience is renamed", () => {
        const renamed = environment({
            audiences: [{ ...nobody, name: "colleagues", emailDomains: ["example.com"] }],
            apps: [
                {
                    name: "grafana",
                    hostname: "grafana.example.com",
                    service: "http://grafana:3000",
                    audience: ["colleagues"],
                },
            ],
        });
        expect(compareReach(reachOf(environment()), reachOf(renamed))).toEqual({ gained: [], lost: [], changed: [] });
    });

    it("names the domain that an audience is widened to and the person it replaces", () => {
        const ada = environment({ audiences: [{ ...nobody, name: "staff", emails: ["ada@example.com"] }] });
        const { gained, lost } = compareReach(reachOf(ada), reachOf(environment()));
        expect(gained).toMatchObject([people]);
        expect(lost).toMatchObject([{ who: "ada@example.com" }]);
    });

    it("names the network that an audience is narrowed to", () => {
        const narrowed = environment({
            audiences: [
                {
                    ...nobody,
                    name: "staff",
                    emailDomains: ["example.com"],
                    ipRanges: ["203.0.113.0/24"],
                    countries: ["FR", "BE"],
                },
            ],
        });
        const { gained, lost } = compareReach(reachOf(environment()), reachOf(narrowed));
        expect(gained).toMatchObject([{ who: "people of @example.com (only from 203.0.113.0/24, in BE or FR)" }]);
        expect(lost).toMatchObject([people]);
    });

    it("names the private ranges and ports that people gain, and no service token among them", () => {
        const audiences = [{ ...nobody, name: "staff", emailDomains: ["example.com"], serviceTokens: ["ci"] }];
        const grants = [{ audience: "staff", networks: ["10.20.1.0/24"], ports: [22, 443] }];
        const office = { name: "office", networks: ["10.20.0.0/16"], hostnames: ["wiki.internal.example"], grants };
        const before = reachOf(environment({ audiences }));
        const { gained, lost } = compareReach(before, reachOf(environment({ audiences, privateNetworks: [office] })));
        expect(gained).toEqual([
            {
                who: "people of @example.com",
                what: "private network office (10.20.1.0/24, wiki.internal.example, ports 22, 443)",
                through: "audience staff, tunnel sallyport-staging",
                session: "while the device is enrolled",
            },
        ]);
        expect(lost).toEqual([]);
    });

    it("names a longer session", () => {
        const longer = environment({
            audiences: [{ ...nobody, name: "staff", emailDomains: ["example.com"], sessionDuration: "48h" }],
        });
        expect(compareReach(reachOf(environment()), reachOf(longer)).changed).toMatchObject([
            { from: "session 24h", to: "session 48h" },
        ]);
    });
});
