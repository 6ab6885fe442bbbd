import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ExternalEvaluator } from "../../emulator/edge/access/external/externalEvaluator.ts";
import { Truth } from "../../emulator/edge/access/policy/truth.ts";
import { KeyRing } from "../../emulator/edge/access/tokens/keyRing.ts";
import { TokenIssuer } from "../../emulator/edge/access/tokens/tokenIssuer.ts";
import { AccessUnderTest, Browser } from "./support/accessUnderTest.ts";
import { type AnswerFlaws, EvaluationService } from "./support/evaluationService.ts";
import { ann } from "./support/subjects.ts";

const app = "https://app.example.com:8443/";
const date = new Date("2026-01-01T00:00:00Z");
const seconds = date.getTime() / 1000;

describe("an external rule at an application", () => {
    /** Access before an application whose only policy asks a service that knows ann. */
    async function setUp(lists: (rule: object) => object = (rule) => ({ include: [rule] }), decision = "allow") {
        const started = new AsyncDisposableStack();
        const under = started.use(await AccessUnderTest.start());
        const time = { now: date };
        const service = started.use(await EvaluationService.start(() => time.now, "ann@example.com"));
        const later = (milliseconds: number) => {
            time.now = new Date(time.now.getTime() + milliseconds);
            under.later(milliseconds);
        };
        const asked = { name: "asked", decision, ...lists({ external_evaluation: service.rule }) };
        const everybody = { name: "everybody", decision: "allow", include: [{ everyone: {} }] };
        await under.application({ policies: decision === "allow" ? [asked] : [asked, everybody] });
        return { under, service, later, [Symbol.asyncDispose]: () => started.disposeAsync() };
    }

    it("lets in for whom the service says yes, after it was told who they are, signed by Access", async () => {
        await using setup = await setUp();
        const { under, service } = setup;
        expect((await new Browser(under).logIn(app, "ann@example.com")).answer.body).toBe("from the origin");
        const [question = ""] = service.questions;
        const { identity, nonce, exp } = await under.verified(question);
        expect(identity).toMatchObject({ email: "ann@example.com", idp: { type: "onetimepin" }, auth_status: "NONE" });
        expect([String(nonce).length, exp]).toEqual([32, seconds + 60]);
        const { answer } = await new Browser(under).logIn(app, "eve@example.com");
        expect(answer).toMatchObject({ status: 403, rule: expect.stringContaining("no rule of include matched") });
    });

    it("is asked once for half a minute; then the service may have changed its mind", async () => {
        await using setup = await setUp();
        const { under, service, later } = setup;
        const browser = new Browser(under);
        await browser.logIn(app, "ann@example.com");
        service.people.clear();
        later(29_000);
        await Promise.all([browser.get(app), browser.get(app)]);
        expect(service.questions).toHaveLength(1);
        later(2000);
        const answers = await Promise.all([browser.get(app), browser.get(app)]);
        expect(answers.map(({ status }) => status)).toEqual([403, 403]);
        expect(service.questions).toHaveLength(2);
    });

    it("holds inside a group, too", async () => {
        await using setup = await setUp();
        const { under, service } = setup;
        const include = [{ external_evaluation: service.rule }];
        const { id } = await under.create("access/groups", { name: "known", include });
        const policy = { name: "of the group", decision: "allow", include: [{ group: { id } }] };
        await under.application({ name: "B", domain: "b.example.com", policies: [policy] });
        const logIn = (email: string) => new Browser(under).logIn("https://b.example.com:8443/", email);
        expect((await logIn("ann@example.com")).answer.status).toBe(200);
        expect((await logIn("eve@example.com")).answer.status).toBe(403);
    });

    it("of a Block policy strikes while the service does not answer well, and spares for its no", async () => {
        await using setup = await setUp((rule) => ({ include: [rule] }), "deny");
        const { under, service } = setup;
        service.flaws = { isForged: true };
        const browser = new Browser(under);
        const { answer } = await browser.logIn(app, "eve@example.com");
        expect(answer).toMatchObject({
            status: 403,
            rule: `app "App", policy "asked" (Block): external_evaluation ${service.rule.evaluate_url} ${service.rule.keys_url} cannot be known here: the answer does not hold: signature verification failed`,
        });
        service.flaws = {};
        // The login itself stands; the application is opened again.
        expect((await browser.open(app)).answer.body).toBe("from the origin");
    });

    it("lets nobody in without a login", async () => {
        await using setup = await setUp(undefined, "bypass");
        const { under, service } = setup;
        expect((await new Browser(under).get(app)).status).toBe(302);
        expect(service.questions).toEqual([]);
    });
});

describe("an external rule is not known to hold", () => {
    const started = new AsyncDisposableStack();
    let service: EvaluationService;
    let evaluator: ExternalEvaluator;
    let impatient: ExternalEvaluator;

    beforeAll(async () => {
        const clock = () => date;
        service = started.use(await EvaluationService.start(clock, ann.email));
        const keys = await KeyRing.open({ issuerName: "team.cloudflareaccess.com", clock });
        const tokens = new TokenIssuer({ keys, issuer: "https://team.cloudflareaccess.com", clock });
        const directory = { organization: () => undefined, postureRules: () => [] };
        evaluator = new ExternalEvaluator({ directory, tokens, clock });
        impatient = new ExternalEvaluator({ directory, tokens, clock, timeoutMs: 100 });
    });
    beforeEach(() => {
        service.flaws = {};
    });
    afterAll(() => started.disposeAsync());

    const answerOf = async (rule = service.rule, asker = evaluator) => [...(await asker.answers([rule], ann)).values()];
    const instead = (status: number, body = "", headers: Record<string, string> = {}): AnswerFlaws => ({
        instead: (response: ServerResponse) => response.writeHead(status, headers).end(body),
    });

    const flaws: readonly [what: string, flaws: AnswerFlaws, doubt: string][] = [
        ["an answer that another key signed", { isForged: true }, "signature verification failed"],
        ["a key set without its key", { keys: { keys: [] } }, "no applicable key found"],
        ["a key set that is none", { keys: [] }, "the key set at keys_url is none (RFC 7517)"],
        ["the answer to another question", { claims: { nonce: "0".repeat(32) } }, "another question (nonce)"],
        ["an answer that is over", { claims: { exp: seconds } }, '"exp" claim timestamp check failed'],
        ["an answer without an end", { claims: { exp: undefined } }, 'missing required "exp" claim'],
        ["an answer that is not yes, nor no", { claims: { success: "true" } }, "neither yes nor no (success)"],
        ["an unsigned yes", instead(200, '{"success":true}'), "answered without a token"],
        ["no JSON", instead(200, "yes"), "answered something other than JSON"],
        ["an error", instead(403, '{"success":false}'), "answered 403"],
        ["a redirect", instead(307, "", { location: "/keys" }), "redirect"],
        ["a huge answer", instead(200, " ".repeat(65 * 1024)), "the answer is longer than 65536 bytes"],
    ];

    it.each(flaws)("with %s", async (_, flawed, doubt) => {
        service.flaws = flawed;
        expect(await answerOf()).toEqual([{ truth: Truth.Unknown, doubt: expect.stringContaining(doubt) }]);
    });

    it("with no answer in time", async () => {
        service.flaws = { instead: () => undefined };
        expect(await answerOf(service.rule, impatient)).toEqual([
            { truth: Truth.Unknown, doubt: expect.stringContaining("timeout") },
        ]);
    });

    it("at an address that is neither https nor on this machine, which is not even asked", async () => {
        const doubt = (name: string) => `${name} is not an https address; http is for this machine alone`;
        const elsewhere = "http://evaluate.example.com/";
        expect(await answerOf({ ...service.rule, evaluate_url: elsewhere })).toEqual([
            { truth: Truth.Unknown, doubt: doubt("evaluate_url") },
        ]);
        const asked = service.questions.length;
        expect(await answerOf({ ...service.rule, keys_url: elsewhere })).toEqual([
            { truth: Truth.Unknown, doubt: doubt("keys_url") },
        ]);
        expect(service.questions).toHaveLength(asked);
    });

    it("for no longer than the service does not answer well", async () => {
        service.flaws = instead(500);
        expect(await answerOf()).toMatchObject([{ truth: Truth.Unknown }]);
        service.flaws = {};
        expect(await answerOf()).toEqual([{ truth: Truth.True }]);
    });
});
