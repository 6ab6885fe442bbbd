import { describe, expect, it } from "vitest";
import { PublicEdgeUnderTest, showRequest } from "../edge/support/publicEdgeUnderTest.ts";
import { AccessUnderTest, teamHost } from "./support/accessUnderTest.ts";

/** Access in its place: the public edge before it, a connector behind it whose origin shows what arrives. */
async function setUp() {
    await using started = new AsyncDisposableStack();
    const under = started.use(await AccessUnderTest.start());
    const { access } = under;
    const edge = started.use(await PublicEdgeUnderTest.start({ gate: access, sites: [access.teamSite] }));
    await edge.connector(showRequest);
    const disposables = started.move();
    return { under, edge, [Symbol.asyncDispose]: () => disposables.disposeAsync() };
}

const forged = { "cf-access-jwt-assertion": "forged", "cf-access-authenticated-user-email": "root@example.com" };

describe("a request from outside", () => {
    it("comes to the origin with a service token's credentials, which themselves do not", async () => {
        await using setup = await setUp();
        const { under, edge } = setup;
        const token = await under.create("access/service_tokens", { name: "ci" });
        const robots = { name: "robots", decision: "non_identity", include: [{ any_valid_service_token: {} }] };
        const { aud } = await under.application({ policies: [robots] });
        const credentials = { "cf-access-client-id": token.client_id, "cf-access-client-secret": token.client_secret };
        for (const answer of [
            await edge.ask({ headers: { ...forged, ...credentials } }),
            await edge.askHttp2({ headers: { ...forged, ...credentials } }),
        ]) {
            expect(answer.status).toBe(200);
            const { headers } = JSON.parse(answer.body);
            expect((await under.verified(headers["cf-access-jwt-assertion"])).aud).toEqual([aud]);
            expect(JSON.stringify(headers)).not.toContain(token.client_secret);
            expect(headers["cf-access-authenticated-user-email"]).toBeUndefined();
        }
        const wrong = await edge.ask({ headers: { ...credentials, "cf-access-client-secret": "0".repeat(64) } });
        expect(wrong.status).toBe(403);
        expect(wrong.body).toContain(`Ray ID: <code>${wrong.headers["cf-ray"]}</code>`);
        const twice = await edge.ask({ headers: { ...credentials, "cf-access-client-id": ["a", token.client_id] } });
        expect(twice.status).toBe(403);
    });

    it("comes without the one header that the application reads service tokens from, unless that carries something else", async () => {
        await using setup = await setUp();
        const { under, edge } = setup;
        const token = await under.create("access/service_tokens", { name: "ci" });
        const robots = { name: "robots", decision: "non_identity", include: [{ any_valid_service_token: {} }] };
        const office = { name: "office", decision: "bypass", include: [{ ip: { ip: "127.0.0.1" } }] };
        const single = { read_service_tokens_from_header: "Authorization" };
        const { id } = await under.application({ policies: [robots], ...single });
        const half = { "CF-Access-Client-Secret": token.client_secret };
        const whole = JSON.stringify({ "CF-Access-Client-Id": token.client_id, ...half });
        const received = async (authorization: string) => {
            const answer = await edge.ask({ headers: { authorization } });
            expect(answer.status).toBe(200);
            return JSON.parse(answer.body).headers.authorization;
        };
        expect(await received(whole)).toBeUndefined();
        const open = { name: "App", domain: "app.example.com", type: "self_hosted", policies: [office], ...single };
        await under.create(`access/apps/${id}`, open, "PUT");
        expect(await received(whole)).toBeUndefined();
        expect(await received(JSON.stringify(half))).toBeUndefined();
        expect(await received("Bearer of the origin's")).toBe("Bearer of the origin's");
    });

    it("comes to the origin after a login, and the log names the policy that let it in", async () => {
        await using setup = await setUp();
        const { under, edge } = setup;
        await under.application();
        const jar = new Map<string, Map<string, string>>();
        /** One request of a browser: what it knows of the host goes along, what it is given is kept. */
        const browse = async (url: URL, form?: URLSearchParams) => {
            const { hostname, pathname, search } = url;
            const kept = jar.get(hostname) ?? new Map<string, string>();
            jar.set(hostname, kept);
            const cookie = [...kept].map(([name, value]) => `${name}=${value}`).join("; ");
            const type = form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
            const answer = await edge.ask({
                ...{ hostname, path: `${pathname}${search}`, method: form === undefined ? "GET" : "POST" },
                ...(form === undefined ? {} : { body: form.toString() }),
                headers: { ...forged, ...type, cookie, host: `${hostname}:${edge.port}` },
            });
            for (const line of [answer.headers["set-cookie"] ?? []].flat()) {
                const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
                kept.set(name, value);
            }
            return answer;
        };
        const follow = async (from: URL, location: unknown) => {
            const url = new URL(String(location), from);
            return { url, answer: await browse(url) };
        };
        const fieldsOf = (body: string) =>
            Object.fromEntries(
                [...body.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [
                    name,
                    value,
                ]),
            );
        const app = new URL(`https://app.example.com:${edge.port}/start?x=1`);
        const login = await follow(app, (await browse(app)).headers.location);
        expect(login.url.origin).toBe(`https://${teamHost}:${edge.port}`);
        const idp = new URL("/cdn-cgi/access/idp/onetimepin", login.url);
        const query = new URLSearchParams(fieldsOf(login.answer.body) as Record<string, string>);
        const form = await browse(new URL(`${idp}?${query}`));
        const email = "ann@example.com";
        const pinPage = await browse(idp, new URLSearchParams({ ...fieldsOf(form.body), email }));
        const pin = /<strong id="pin">(\d{6})</.exec(pinPage.body)?.[1] ?? "";
        const sent = new URLSearchParams({ ...fieldsOf(pinPage.body), pin });
        const done = await browse(new URL("/cdn-cgi/access/pin", login.url), sent);
        const authorized = await follow(login.url, done.headers.location);
        const logged = edge.next("request", ({ path }) => path === app.pathname);
        const { url, answer } = await follow(authorized.url, authorized.answer.headers.location);
        expect(url.href).toBe(app.href);
        const { headers } = JSON.parse(answer.body);
        expect(headers["cf-access-authenticated-user-email"]).toBe(email);
        expect((await under.verified(headers["cf-access-jwt-assertion"])).email).toBe(email);
        expect(await logged).toMatchObject({
            ...{ verdict: "allowed", who: email },
            rule: 'app "App", policy "staff" (Allow): include email_domain example.com matched',
        });
    });

    it("is logged with a verdict in a word, whose it was, and the rule that decided, by names rather than ids", async () => {
        await using setup = await setUp();
        const { under, edge } = setup;
        const logged = async (asked: Parameters<typeof edge.ask>[0]) => {
            const event = edge.next("request");
            await edge.ask(asked);
            const { status, problem, verdict, who, rule } = await event;
            return { status, problem, verdict, who, rule };
        };
        expect(await logged({})).toMatchObject({ verdict: "unguarded", rule: "no Access application covers this" });
        const token = await under.create("access/service_tokens", { name: "ci" });
        const robots = {
            ...{ name: "robots", decision: "non_identity" },
            include: [{ service_token: { token_id: token.id } }],
        };
        await under.application({ policies: [robots] });
        const credentials = { "cf-access-client-id": token.client_id, "cf-access-client-secret": token.client_secret };
        expect(await logged({ headers: credentials })).toEqual({
            ...{ status: 200, verdict: "allowed", who: 'service token "ci"' },
            rule: 'app "App", policy "robots" (Service Auth): include service_token "ci" matched',
        });
        const wrong = { ...credentials, "cf-access-client-secret": "0".repeat(64) };
        expect(await logged({ headers: wrong })).toMatchObject({ status: 403, verdict: "refused", who: undefined });
        const other = await under.create("access/service_tokens", { name: "other" });
        const others = { "cf-access-client-id": other.client_id, "cf-access-client-secret": other.client_secret };
        expect(await logged({ headers: others })).toEqual({
            ...{ status: 403, verdict: "refused", who: 'service token "other"' },
            rule: 'app "App", policy "robots": no rule of include matched',
        });
        expect(await logged({})).toMatchObject({ status: 302, verdict: "login" });
        const certs = { hostname: teamHost, path: "/cdn-cgi/access/certs" };
        expect(await logged(certs)).toMatchObject({ status: 200, verdict: "page", rule: "signing keys" });
        const unknown = { status: 530, problem: "Origin DNS error", verdict: "error" };
        expect(await logged({ hostname: "nothing.example.com" })).toMatchObject(unknown);
        await edge.tunnels[Symbol.asyncDispose]();
        expect(await logged({ headers: credentials })).toMatchObject({
            ...{ status: 530, problem: "Cloudflare Tunnel error", verdict: "allowed", who: 'service token "ci"' },
        });
    });

    it("with a form that is too long is answered 413", async () => {
        await using setup = await setUp();
        const { edge } = setup;
        const answer = await edge.ask({
            ...{ hostname: teamHost, method: "POST", path: "/cdn-cgi/access/pin", body: "a".repeat(65_537) },
            headers: { cookie: "CF_Session=x", "content-type": "application/x-www-form-urlencoded" },
        });
        expect(answer.status).toBe(413);
    });
});
