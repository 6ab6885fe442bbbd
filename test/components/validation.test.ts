import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
    countryProblem,
    durationProblem,
    durationSeconds,
    edgeAddressProblem,
    emailDomainProblem,
    emailProblem,
    hostnameProblem,
    imageProblem,
    ipRangeProblem,
    normaliseIpRange,
    parseService,
    pathProblem,
    portProblem,
    serviceProblem,
    sessionDurationProblem,
    teamProblem,
    tunnelNameProblem,
    zoneProblem,
} from "../../components/validation/index.ts";

/** Letters, digits and inner hyphens. */
const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);

describe("host names", () => {
    it.each([
        ["", 'is empty. Write a host name such as "app.example.com".'],
        ["app example.com", '"app example.com" contains a space. Write the host name alone.'],
        ["http://app.example.com:80/x", expect.stringContaining('Write the host name alone: "app.example.com".')],
        ["app.example.com/login", expect.stringContaining('Write "app.example.com" and give the path as "path".')],
        ["app.example.com:8443", expect.stringContaining('write "app.example.com".')],
        ["ada@example.com", expect.stringContaining('contains "@"')],
        ["App.example.com", expect.stringContaining('Write "app.example.com".')],
        ["app.example.com.", expect.stringContaining('Write "app.example.com".')],
        ["bücher.example.com", expect.stringContaining('Write "xn--bcher-kva.example.com".')],
        ["192.0.2.1", expect.stringContaining("is an address")],
        ["grafana", expect.stringContaining("is a single label")],
        ["a.*.example.com", expect.stringContaining('has "*" inside the name')],
        ["app*.example.com", expect.stringContaining('has "*" inside the name')],
        ["*.*.example.com", expect.stringContaining('has "*" inside the name')],
        ["*", expect.stringContaining('has "*" inside the name')],
        ["-app.example.com", expect.stringContaining('has the label "-app"')],
        ["app..example.com", expect.stringContaining('has the label ""')],
        ["my_app.example.com", expect.stringContaining('has the label "my_app"')],
        [`${"a".repeat(64)}.example.com`, expect.stringContaining("A label has 1 to 63")],
        [`${"abcdefgh.".repeat(29)}com`, expect.stringContaining("has 264 characters")],
    ])("refuse '%s'", (hostname, reason) => {
        expect(hostnameProblem(hostname)).toEqual(reason);
    });

    it("lie in their zone, at most one label below it, because Universal SSL goes no deeper", () => {
        const zone = "example.com";
        const reasons = ["example.com", "app.example.com", "*.example.com", "app.example.org", "badexample.com"].map(
            (hostname) => hostnameProblem(hostname, { zone }),
        );
        expect(reasons).toEqual([
            undefined,
            undefined,
            undefined,
            '"app.example.org" is outside the zone "example.com". Write a name that ends with ".example.com".',
            '"badexample.com" is outside the zone "example.com". Write a name that ends with ".example.com".',
        ]);
        expect(hostnameProblem("app.staging.example.com", { zone })).toBe(
            '"app.staging.example.com" is 2 labels below the zone "example.com", and Universal SSL covers one. Write "app-staging.example.com".',
        );
        expect(hostnameProblem("*.staging.example.com", { zone })).toContain('Write "app-staging.example.com"');
    });

    it("are fine with any valid labels, and the same name with a scheme, port, path or capital is not", () => {
        const names = fc.array(label, { minLength: 2, maxLength: 6 }).map((labels) => `${labels.join(".")}.example`);
        fc.assert(
            fc.property(names, (hostname) => {
                expect(hostnameProblem(hostname)).toBeUndefined();
                expect(hostnameProblem(`*.${hostname}`)).toBeUndefined();
                expect(zoneProblem(`*.${hostname}`)).toContain("is a wildcard");
                for (const bad of [
                    `https://${hostname}`,
                    `${hostname}:443`,
                    `${hostname}/x`,
                    `${hostname}.`,
                    `${hostname}X`,
                ]) {
                    expect(hostnameProblem(bad)).toBeDefined();
                }
            }),
        );
    });
});

describe("origins", () => {
    it.each([
        ["http://grafana:3000", { scheme: "http", host: "grafana", port: 3000 }],
        ["https://traefik", { scheme: "https", host: "traefik" }],
        ["wss://my_stack.chat:1", { scheme: "wss", host: "my_stack.chat", port: 1 }],
        ["tcp://10.0.0.5:65535", { scheme: "tcp", host: "10.0.0.5", port: 65535 }],
        ["ssh://[fd00::5]:22", { scheme: "ssh", host: "[fd00::5]", port: 22 }],
        ["rdp://desk", { scheme: "rdp", host: "desk" }],
        ["smb://files", { scheme: "smb", host: "files" }],
        ["unix:/run/app.sock", { scheme: "unix", host: "", target: "/run/app.sock" }],
        ["unix+tls:/run/app.sock", { scheme: "unix+tls", host: "", target: "/run/app.sock" }],
        ["http_status:503", { scheme: "http_status", host: "", target: "503" }],
    ])("can be %s", (service, parts) => {
        expect(serviceProblem(service)).toBeUndefined();
        expect(parseService(service)).toEqual(parts);
    });

    it.each([
        ["", "is empty"],
        ["grafana:3000", 'has no scheme. Write it before the host, such as "http://grafana:3000".'],
        ["grafana", 'such as "http://grafana".'],
        ["ftp://files", 'has the unknown scheme "ftp". Write one of http, https, ws, wss, tcp'],
        ["HTTP://grafana", 'has the unknown scheme "HTTP"'],
        ["http://", "has no host"],
        ["http://:3000", "has no host"],
        ["http://grafana:3000/api", 'contains a path, which cloudflared refuses. Write "http://grafana:3000".'],
        ["http://grafana/", "contains a path"],
        ["http://admin:hunter2@grafana", "contains user information"],
        ["http://gra fana", "contains a space"],
        ["http://grafana:0", 'has the port "0". Write a port between 1 and 65535.'],
        ["http://grafana:65536", 'has the port "65536"'],
        ["http://grafana:", 'has the port ""'],
        ["http://[::g]:80", 'has the host "[::g]"'],
        ["http://-x", 'has the host "-x"'],
        ["tcp://postgres", 'has no port. Write one, such as "tcp://postgres:5432".'],
        ["unix:run/app.sock", "has no absolute socket path"],
        ["http_status:42", "has no status code between 100 and 999"],
        ["http_status:099", "has no status code between 100 and 999"],
        ["bastion", "lets a visitor choose any address"],
        ["socks-proxy", "lets a visitor choose any address"],
        ["hello_world", "is cloudflared's own test page"],
    ])("cannot be '%s'", (service, reason) => {
        expect(serviceProblem(service)).toContain(reason);
        expect(parseService(service)).toBeUndefined();
    });

    it("take every port from 1 to 65535 and no other", () => {
        fc.assert(
            fc.property(fc.integer({ min: -10, max: 70_000 }), (port) => {
                expect(portProblem(port) === undefined).toBe(port >= 1 && port <= 65535);
            }),
        );
    });
});

describe("durations", () => {
    it.each([
        ["1 day", '"24h"'],
        ["2 weeks", '"336h"'],
        ["7d", '"168h"'],
        ["1 month", '"730h"'],
        ["24", '"24h"'],
        ["", '"24h"'],
        ["-1h", '"24h"'],
        ["1h 30m", '"24h"'],
    ])("refuse '%s' and suggest %s", (text, suggestion) => {
        expect(durationProblem(text)).toBe(
            `${JSON.stringify(text)} is not a duration. Write hours, minutes or seconds with their unit, such as ${suggestion}.`,
        );
    });

    it("of a session last at most a month", () => {
        expect(["0s", "24h", "730h", "43800m"].map(sessionDurationProblem)).toEqual(Array(4).fill(undefined));
        expect(sessionDurationProblem("730h1s")).toBe('"730h1s" is too long. Write at most "730h".');
    });

    it("add up as Go adds them up", () => {
        expect(durationSeconds("1h30m0.5s")).toBe(5400.5);
        const parts = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99));
        fc.assert(
            fc.property(parts, ([h, m, s]) => {
                const text = `${h}h${m}m${s}s`;
                expect(durationProblem(text)).toBeUndefined();
                expect(durationSeconds(text)).toBe(h * 3600 + m * 60 + s);
            }),
        );
    });
});

describe("paths", () => {
    it.each([
        ["", 'Leave "path" out'],
        ["/", 'Leave "path" out'],
        ["admin", 'Write "/admin".'],
        ["/admin/", 'Write "/admin".'],
        ["/admin/*", 'write "/admin".'],
        ["/a//b", 'Write "/a/b".'],
        ["/a/../b", 'contains "." or ".."'],
        ["/a?b=c", 'Write "/a".'],
        ["/a(b)", 'has the segment "a(b)"'],
        ["/a b", 'has the segment "a b"'],
        ["/a`b", 'has the segment "a`b"'],
    ])("refuse '%s'", (path, reason) => {
        expect(pathProblem(path)).toContain(reason);
    });

    it("take whole segments", () => {
        expect(["/admin", "/api/v1.0", "/@me/a~b-c_d"].map(pathProblem)).toEqual([undefined, undefined, undefined]);
    });
});

describe("people and places", () => {
    it.each([
        ["ada", "is not an e-mail address"],
        ["ada@localhost", "is not an e-mail address"],
        ["ada@example.com, zoe@example.com", "is not an e-mail address"],
        ["*@example.com", 'Write "example.com" under "emailDomains".'],
    ])("an e-mail address is not '%s'", (email, reason) => {
        expect(emailProblem(email)).toContain(reason);
    });

    it.each([
        ["@example.com", 'Write "example.com".'],
        ["GMail.com", "gives addresses to anybody"],
        ["com", "is a single label"],
        ["*.example.com", "is a wildcard"],
    ])("a domain of people is not '%s'", (domain, reason) => {
        expect(emailDomainProblem(domain)).toContain(reason);
    });

    it("ranges are written as the API returns them, and normalising twice changes nothing", () => {
        expect(["203.0.113.7", "2001:DB8::1", "10.0.0.0/8", "2001:0db8:0::/32"].map(normaliseIpRange)).toEqual([
            "203.0.113.7/32",
            "2001:db8::1/128",
            "10.0.0.0/8",
            "2001:db8::/32",
        ]);
        fc.assert(
            fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
                const range = normaliseIpRange(address);
                expect(ipRangeProblem(range)).toBeUndefined();
                expect(normaliseIpRange(range)).toBe(range);
            }),
        );
    });

    it.each([
        ["10.0.0.1/24", 'has bits set beyond its prefix. Write "10.0.0.0/24".'],
        ["0.0.0.0/0", "is every address"],
        ["::/0", "is every address"],
        ["10.1", "is neither an IP address nor a CIDR range"],
        ["10.0.0.0/33", "is neither"],
        ["fe80::1%eth0", "is neither"],
        ["office", "is neither"],
    ])("a range is not '%s'", (range, reason) => {
        expect(ipRangeProblem(range)).toContain(reason);
    });

    it("countries are ISO codes", () => {
        expect(["CH", "GB", "US"].map(countryProblem)).toEqual([undefined, undefined, undefined]);
        expect(countryProblem("ch")).toBe('"ch" is in lower case. Write "CH".');
        expect(countryProblem("UK")).toBe('"UK" is not an ISO code. Write "GB".');
        for (const no of ["EU", "ZZ", "QQ", "CHE", "Switzerland", ""]) {
            expect(countryProblem(no)).toContain("is not a country");
        }
    });
});

describe("names and references", () => {
    it("a team is the first label of its domain", () => {
        expect(teamProblem("example")).toBeUndefined();
        expect(teamProblem("https://Example.cloudflareaccess.com/")).toContain('Write its first label: "example".');
        expect(teamProblem("Example Inc")).toContain("is not a team name");
    });

    it("a tunnel's name is neither empty nor a UUID", () => {
        expect(tunnelNameProblem("staging edge")).toBeUndefined();
        expect(tunnelNameProblem(" ")).toContain("is empty");
        expect(tunnelNameProblem(" x")).toContain("has a space at its edge");
        expect(tunnelNameProblem("C0FFEE00-0000-4000-8000-000000000000")).toContain("looks like a tunnel id");
    });

    it("an image is pinned", () => {
        const digest = `@sha256:${"0".repeat(64)}`;
        const pinned = ["traefik:v3.6.15", "localhost:5000/a/b:1", `traefik${digest}`, `traefik:latest${digest}`];
        expect(pinned.map(imageProblem)).toEqual(pinned.map(() => undefined));
        expect(["traefik", "localhost:5000/traefik"].map(imageProblem)).toEqual([
            expect.stringContaining("has no version"),
            expect.stringContaining("has no version"),
        ]);
        expect(imageProblem("traefik:latest")).toContain("moves by itself");
        expect(imageProblem("Traefik Proxy")).toContain("is not an image");
    });

    it("an edge address has a port", () => {
        const good = ["198.41.192.7:7844", "[2606:4700::1]:7844", "region1.v2.argotunnel.com:7844"];
        expect(good.map(edgeAddressProblem)).toEqual([undefined, undefined, undefined]);
        for (const bad of ["198.41.192.7", "host:0", "https://host:7844", ":7844", "2606:4700::1:7844"]) {
            expect(edgeAddressProblem(bad)).toContain("is not an edge address");
        }
    });
});
