import { DnsRecord } from "@pulumi/cloudflare/dnsRecord.js";
import { Provider } from "@pulumi/cloudflare/provider.js";
import { ZeroTrustAccessApplication } from "@pulumi/cloudflare/zeroTrustAccessApplication.js";
import { ZeroTrustTunnelCloudflaredConfig } from "@pulumi/cloudflare/zeroTrustTunnelCloudflaredConfig.js";
import * as pulumi from "@pulumi/pulumi";
import { ZeroTrustApp } from "../../../components/access/zeroTrustApp.ts";
import { TunnelIngress } from "../../../components/tunnel/tunnelIngress.ts";

const accountId = "0123456789abcdef0123456789abcdef";
const zoneId = "fedcba9876543210fedcba9876543210";
const tunnelId = "11111111-2222-4333-8444-555555555555";
const team = "example";
const policyIds = ["99999999-2222-4333-8444-555555555555"];
const provider = new Provider("cloudflare", {});

const count = Number(process.env.BENCH_APPS);
const hostnames = Array.from({ length: count }, (_, index) => `app-${index}.example.com`);
const service = "http://app:8080";

const forms: Record<string, () => void> = { ours, bare, raw };
const form = forms[process.env.BENCH_FORM ?? ""];
if (form === undefined || !(count > 0)) {
    throw new pulumi.RunError("BENCH_FORM must be ours, bare or raw, and BENCH_APPS a number above 0");
}
form();

/** As a user of Sallyport writes it. */
function ours(): void {
    const opts = { providers: [provider] };
    const routes = hostnames.map((hostname, index) => {
        const { audience } = new ZeroTrustApp(`app-${index}`, { accountId, hostname, policyIds }, opts);
        return { hostname, service, audience };
    });
    new TunnelIngress("ingress", { accountId, zoneId, tunnelId, team, routes }, opts);
}

/** The same resources under components that do nothing but hold them. */
function bare(): void {
    class Bare extends pulumi.ComponentResource {
        constructor(name: string, args: pulumi.Inputs, opts?: pulumi.ComponentResourceOptions) {
            super("bench:index:Bare", name, args, opts);
        }
    }
    const opts = { providers: [provider] };
    const applications = hostnames.map((hostname, index) => {
        const parent = new Bare(`app-${index}`, { accountId, hostname, policyIds }, opts);
        return application(hostname, index, { parent });
    });
    const parent = new Bare("ingress", { accountId, zoneId, tunnelId, team }, opts);
    publish(applications, { parent });
}

/** The same resources without components. */
function raw(): void {
    publish(
        hostnames.map((hostname, index) => application(hostname, index, { provider })),
        { provider },
    );
}

function application(hostname: string, index: number, opts: pulumi.CustomResourceOptions): ZeroTrustAccessApplication {
    return new ZeroTrustAccessApplication(
        `app-${index}-application`,
        {
            accountId,
            name: `app-${index}`,
            type: "self_hosted",
            domain: hostname,
            policies: policyIds.map((id, position) => ({ id, precedence: position + 1 })),
            sessionDuration: "24h",
            appLauncherVisible: true,
            autoRedirectToIdentity: false,
            enableBindingCookie: false,
            httpOnlyCookieAttribute: true,
            optionsPreflightBypass: false,
            sameSiteCookieAttribute: "lax",
            serviceAuth401Redirect: true,
        },
        opts,
    );
}

function publish(applications: ZeroTrustAccessApplication[], opts: pulumi.CustomResourceOptions): void {
    const rules = hostnames.map((hostname, index) => ({
        hostname,
        service,
        originRequest: { access: { required: true, teamName: team, audTags: [applications[index]?.aud ?? ""] } },
    }));
    const config = { ingresses: [...rules, { service: "http_status:404" }] };
    const document = new ZeroTrustTunnelCloudflaredConfig("ingress-config", { accountId, tunnelId, config }, opts);
    for (const [index, hostname] of hostnames.entries()) {
        const comment = pulumi.interpolate`Guarded by Access, aud ${applications[index]?.aud ?? ""}`;
        new DnsRecord(
            `ingress-${hostname}`,
            {
                zoneId,
                name: hostname,
                type: "CNAME",
                content: `${tunnelId}.cfargotunnel.com`,
                proxied: true,
                ttl: 1,
                comment,
            },
            { ...opts, dependsOn: [document] },
        );
    }
}
