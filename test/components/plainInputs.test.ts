import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { ZeroTrustApp } from "../../components/index.ts";
import { ComponentProvider } from "../../components/plugin/componentProvider.ts";
import { deploy, problemsOf, UNKNOWN } from "../support/mocks.ts";
import { ACCOUNT, AUD, Token, TUNNEL, ZONE } from "./fixtures.ts";

const provider = new ComponentProvider();
const INGRESS = "sallyport:index:TunnelIngress";
const tunnel = { accountId: ACCOUNT, zoneId: ZONE, tunnelId: TUNNEL, team: "example" };
const route = { hostname: "a.example.com", service: "http://grafana:3000", audience: AUD };

/** A tunnel's ingress whose routes arrive in this form. */
const ingress = (routes: pulumi.Input<unknown>) => provider.construct("in", INGRESS, { ...tunnel, routes }, {});

describe("a plain argument that another language's SDK sends as an output, because there is one in it", () => {
    it("makes what its value makes", async () => {
        const whole = await deploy(() => ingress(pulumi.output([route])));
        const value = await deploy(() => ingress([route]));
        expect(whole.error).toBeUndefined();
        expect(whole.inputsOf(Token.TunnelConfig, "in-config")).toEqual(
            value.inputsOf(Token.TunnelConfig, "in-config"),
        );
        expect(whole.inputsOf(Token.DnsRecord, "in-a.example.com")).toEqual(
            value.inputsOf(Token.DnsRecord, "in-a.example.com"),
        );
    });

    it("leaves the order to what went into it: no ingress rule before the application that guards it", async () => {
        const { resource } = await deploy(() => {
            const { audience } = new ZeroTrustApp("app", {
                accountId: ACCOUNT,
                hostname: route.hostname,
                policyIds: ["staff"],
            });
            return ingress(audience.apply((tag) => [{ ...route, audience: tag }]));
        });
        const application = resource(Token.AccessApplication, "app-application");
        expect(resource(Token.TunnelConfig, "in-config").dependencies).toContain(application.urn);
    });

    it("is checked in a preview as far as it is known", async () => {
        const unknown = { ...route, audience: pulumi.unknown };
        const { inputsOf } = await deploy(() => ingress(pulumi.output([unknown])), { preview: true });
        expect(inputsOf(Token.DnsRecord, "in-a.example.com")).toMatchObject({ name: "a.example.com" });
        expect(inputsOf(Token.TunnelConfig, "in-config")).toMatchObject({
            config: {
                ingresses: [
                    { hostname: "a.example.com", originRequest: { access: { audTags: [UNKNOWN] } } },
                    { service: "http_status:404" },
                ],
            },
        });

        const { result } = await deploy(
            () => ingress(pulumi.output([{ ...unknown, hostname: "nowhere" }])).catch(problemsOf),
            { preview: true },
        );
        expect(Object.keys((await result) ?? {})).toEqual(["routes[0].hostname"]);
    });

    it("stays secret where it was, in all that may be secret", async () => {
        const google = pulumi.secret({ clientId: "client", clientSecret: "s3cret" });
        const args = { accountId: ACCOUNT, team: "example", kind: "google", google };
        const { resources } = await deploy(() =>
            provider.construct("login", "sallyport:index:IdentityProvider", args, {}),
        );
        const [made] = resources.filter(({ type }) => type === Token.IdentityProvider);
        expect(made?.inputs).toMatchObject({ config: { clientId: "client" } });
        expect(made?.secrets).toContain("config.clientId");
    });
});
