import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { schemaProblems, TraefikFile } from "../../components/proxy/traefik/schemaProblems.ts";

const problemsIn = (file: TraefikFile, yaml: string) =>
    Object.fromEntries(schemaProblems(file, parse(yaml), "").map(({ path, reason }) => [path, reason]));

describe("Traefik's own types", () => {
    it("take what its documentation shows", () => {
        const statics = `
            entryPoints:
              web: { address: ":80", http: { redirections: { entryPoint: { to: websecure, scheme: https } } } }
              websecure: { address: ":443", transport: { respondingTimeouts: { readTimeout: 30, idleTimeout: 3m } } }
            providers: { docker: { exposedByDefault: false, network: web }, file: { directory: /etc/traefik, watch: true } }
            api: {}
            ping: {}
            log: { level: INFO, format: json }`;
        expect(problemsIn(TraefikFile.Static, statics)).toEqual({});
        const dynamic = `
            http:
              routers: { app: { rule: Host(\`app.example.com\`), service: app, priority: 50, tls: {} } }
              services: { app: { loadBalancer: { servers: [{ url: https://app }], serversTransport: app } } }
              serversTransports: { app: { rootCAs: [/ca.pem], forwardingTimeouts: { dialTimeout: 5s } } }
            tls: { options: { default: { minVersion: VersionTLS12, sniStrict: true } } }`;
        expect(problemsIn(TraefikFile.Dynamic, dynamic)).toEqual({});
    });

    it("tell every name that is misspelt or at the wrong level, as copies by hand have them", () => {
        const statics = `
            entryPoints:
              insecure: { address: ":80", redirections: { entryPoint: { to: secure } } }
              secure: { adress: ":443" }
            serverTransport: { insecureSkipVerify: false }
            exposedByDefault: false
            providers: { docker: { exposedbydefault: false } }
            log: { level: 1 }`;
        expect(problemsIn(TraefikFile.Static, statics)).toEqual({
            "entryPoints.insecure.redirections": expect.stringContaining("move it to where it belongs"),
            "entryPoints.secure.adress": expect.stringContaining("Known here: address"),
            serverTransport: expect.stringContaining("Correct its spelling"),
            exposedByDefault: expect.stringContaining("move it to where it belongs"),
            "providers.docker.exposedbydefault": 'is not known to Traefik here. Write "exposedByDefault".',
            "log.level": "is a number. Write a text.",
        });
    });

    it("point into lists, and know names with slashes", () => {
        const dynamic = `
            http:
              services: { a/b: { loadBalancer: { servers: [{ url: http://a }, { ulr: http://b }] } } }`;
        expect(problemsIn(TraefikFile.Dynamic, dynamic)).toEqual({
            "http.services.a/b.loadBalancer.servers[1].ulr": expect.stringContaining("Known here:"),
        });
    });
});
