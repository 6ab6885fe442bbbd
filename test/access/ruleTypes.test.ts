import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccessRule, DirectoryPolicy } from "../../emulator/accessDirectory.ts";
import { accessRuleKinds } from "../../emulator/api/products/access/rules.ts";
import { ExternalEvaluator } from "../../emulator/edge/access/external/externalEvaluator.ts";
import { presentIdentity } from "../../emulator/edge/access/gate/caller.ts";
import { judgePerson } from "../../emulator/edge/access/gate/judgePerson.ts";
import type { Identity, Subject } from "../../emulator/edge/access/policy/subject.ts";
import { KeyRing } from "../../emulator/edge/access/tokens/keyRing.ts";
import { TokenIssuer } from "../../emulator/edge/access/tokens/tokenIssuer.ts";
import { control } from "../private/support/entryUnderTest.ts";
import { AccessUnderTest, start } from "./support/accessUnderTest.ts";
import { EvaluationService } from "./support/evaluationService.ts";
import { ann, everything } from "./support/subjects.ts";

type Kind = keyof AccessRule;

/** A rule, and for whom it holds and for whom not. */
interface Case {
    readonly rule: object;
    readonly holdsFor: Subject;
    /** Undefined for a rule that holds for everybody. */
    readonly holdsNotFor: Subject | undefined;
}

const ours = (changes: Partial<Identity> = {}): Subject => ({ ...everything, identity: { ...ann, ...changes } });
const somebodyElse = ours({ email: "eve@example.org" });

/** What the rules refer to, made through the API. */
async function referents(under: AccessUnderTest) {
    const provider = async (type: string) =>
        (await under.create("access/identity_providers", { name: type, type, config: {} })).id as string;
    const list = async (type: string, value: string) =>
        (await under.create("gateway/lists", { name: type, type, items: [{ value }] })).id as string;
    const include = [{ email_domain: { domain: "example.com" } }];
    const posture = await under.create("devices/posture", { name: "Disk", type: "disk_encryption" });
    const device = (name: string, passed: string[]) =>
        control(under.emulator, "POST", "/devices", { name, email: `${name}@example.com`, passed });
    await device("healthy", [posture.id]);
    await device("ill", []);
    under.emulator.riskScores.put("healthy@example.com", { riskScore: "low" });
    under.emulator.riskScores.put("ill@example.com", { riskScore: "high" });
    const portal = await under.application({ name: "Portal", domain: "portal.example.com" });
    const present = (email: string): Subject => ({
        ...everything,
        identity: presentIdentity(under.emulator.access, { ...ann, email, devicePosture: [] }),
    });
    return {
        people: await list("EMAIL", "ann@example.com"),
        offices: await list("IP", "203.0.113.0/24"),
        group: (await under.create("access/groups", { name: "staff", include })).id as string,
        token: (await under.create("access/service_tokens", { name: "ci" })).id as string,
        posture: posture.id as string,
        oidc: await provider("oidc"),
        other: await provider("okta"),
        healthy: present("healthy@example.com"),
        ill: present("ill@example.com"),
        portal: { id: portal.id as string, name: "Portal", email: ann.email },
    };
}

/** One entry for each kind of rule that the API knows; the compiler and the first test demand it. */
function casesFor(
    made: Awaited<ReturnType<typeof referents>>,
    service: EvaluationService,
): Readonly<Record<Kind, Case>> {
    const { people, offices, group, token, posture, oidc, other, healthy, ill, portal } = made;
    const from = (id: string) => ({ provider: { id, type: "oidc", name: "P" } });
    const of = { identity_provider_id: oidc };
    /** Somebody of a group, and somebody of the same group at another provider. */
    const inGroup = (rule: object, groups: string[]): Case => ({
        rule,
        holdsFor: ours({ ...from(oidc), groups }),
        holdsNotFor: ours({ ...from(other), groups }),
    });
    const token1 = { id: token, clientId: "c.access", name: "ci" };
    return {
        everyone: { rule: {}, holdsFor: everything, holdsNotFor: undefined },
        email: { rule: { email: "ann@example.com" }, holdsFor: ours(), holdsNotFor: somebodyElse },
        email_domain: { rule: { domain: "example.com" }, holdsFor: ours(), holdsNotFor: somebodyElse },
        email_list: { rule: { id: people }, holdsFor: ours(), holdsNotFor: somebodyElse },
        group: { rule: { id: group }, holdsFor: ours(), holdsNotFor: somebodyElse },
        ip: {
            rule: { ip: "203.0.113.7/32" },
            holdsFor: everything,
            holdsNotFor: { ...everything, clientIp: "203.0.113.8" },
        },
        ip_list: { rule: { id: offices }, holdsFor: everything, holdsNotFor: { ...everything, clientIp: "192.0.2.1" } },
        geo: { rule: { country_code: "PT" }, holdsFor: everything, holdsNotFor: { ...everything, country: "ES" } },
        service_token: {
            rule: { token_id: token },
            holdsFor: { ...everything, serviceToken: token1 },
            holdsNotFor: { ...everything, serviceToken: { ...token1, id: "other" } },
        },
        any_valid_service_token: {
            rule: {},
            holdsFor: { ...everything, serviceToken: token1 },
            holdsNotFor: { ...everything, serviceToken: undefined },
        },
        certificate: { rule: {}, holdsFor: everything, holdsNotFor: { ...everything, certificate: undefined } },
        common_name: {
            rule: { common_name: "laptop-1" },
            holdsFor: everything,
            holdsNotFor: { ...everything, certificate: { commonName: "laptop-2" } },
        },
        device_posture: { rule: { integration_uid: posture }, holdsFor: healthy, holdsNotFor: ill },
        user_risk_score: { rule: { user_risk_score: ["low", "medium"] }, holdsFor: healthy, holdsNotFor: ill },
        login_method: { rule: { id: oidc }, holdsFor: ours(from(oidc)), holdsNotFor: ours(from(other)) },
        auth_method: {
            rule: { auth_method: "mfa" },
            holdsFor: ours(),
            holdsNotFor: ours({ authMethods: ["pwd"] }),
        },
        auth_context: {
            rule: { id: "context", ac_id: "c1", ...of },
            holdsFor: ours({ ...from(oidc), authContexts: ["c1"] }),
            holdsNotFor: ours({ ...from(other), authContexts: ["c1"] }),
        },
        azureAD: inGroup({ id: "3fa85f64-5717-4562-b3fc-2c963f66afa6", ...of }, [
            "3fa85f64-5717-4562-b3fc-2c963f66afa6",
        ]),
        "github-organization": inGroup({ name: "acme", team: "platform", ...of }, ["acme", "acme/platform"]),
        gsuite: inGroup({ email: "admins@example.com", ...of }, ["admins@example.com"]),
        okta: inGroup({ name: "engineering", ...of }, ["engineering"]),
        saml: {
            rule: { attribute_name: "department", attribute_value: "it", ...of },
            holdsFor: ours({ ...from(oidc), claims: { department: ["it"] } }),
            holdsNotFor: ours({ ...from(oidc), claims: { department: ["ops"] } }),
        },
        oidc: {
            rule: { claim_name: "department", claim_value: "it", ...of },
            holdsFor: ours({ ...from(oidc), claims: { department: ["ops", "it"] } }),
            holdsNotFor: ours({ ...from(other), claims: { department: ["it"] } }),
        },
        external_evaluation: { rule: service.rule, holdsFor: ours(), holdsNotFor: somebodyElse },
        linked_app_token: {
            rule: { app_uid: portal.id },
            holdsFor: { ...everything, linkedApplication: portal },
            holdsNotFor: { ...everything, linkedApplication: { ...portal, id: "other" } },
        },
    };
}

describe("each kind of rule", () => {
    const started = new AsyncDisposableStack();
    let under: AccessUnderTest;
    let cases: Readonly<Record<string, Case>>;
    let externalEvaluator: ExternalEvaluator;

    beforeAll(async () => {
        under = started.use(await AccessUnderTest.start());
        const clock = () => new Date(start);
        const service = started.use(await EvaluationService.start(clock, ann.email));
        const keys = await KeyRing.open({ issuerName: "team.cloudflareaccess.com", clock });
        const tokens = new TokenIssuer({ keys, issuer: "https://team.cloudflareaccess.com", clock });
        externalEvaluator = new ExternalEvaluator({ directory: under.emulator.access, tokens, clock });
        cases = casesFor(await referents(under), service);
    });
    afterAll(() => started.disposeAsync());

    /** The policy as an application holds it, by way of the API. */
    async function policyWith(lists: object): Promise<DirectoryPolicy[]> {
        const { id } = await under.create("access/policies", { name: "tested", decision: "allow", ...lists });
        const { id: app } = await under.application({ policies: [{ id, precedence: 1 }] });
        const { policies } = under.emulator.access.applications().find((one) => one.id === app) ?? { policies: [] };
        await under.create(`access/apps/${app}`, undefined, "DELETE");
        return [...policies];
    }
    const decides = async (policies: readonly DirectoryPolicy[], subject: Subject | undefined) =>
        subject &&
        (await judgePerson({ directory: under.emulator.access, externalEvaluator }, { policies }, subject)).decision;

    it("that the API knows is tried here", () => {
        expect(Object.keys(cases).toSorted()).toEqual(accessRuleKinds.toSorted());
    });

    it.each(accessRuleKinds)("%s: include lets in for whom it holds, and nobody else", async (kind) => {
        const { rule, holdsFor, holdsNotFor } = cases[kind] ?? missing(kind);
        const policies = await policyWith({ include: [{ [kind]: rule }] });
        expect(await decides(policies, holdsFor)).toBe("allow");
        expect(await decides(policies, holdsNotFor)).toBe(holdsNotFor && "deny");
    });

    it.each(accessRuleKinds)("%s: require keeps out for whom it does not hold", async (kind) => {
        const { rule, holdsFor, holdsNotFor } = cases[kind] ?? missing(kind);
        const policies = await policyWith({ include: [{ everyone: {} }], require: [{ [kind]: rule }] });
        expect(await decides(policies, holdsFor)).toBe("allow");
        expect(await decides(policies, holdsNotFor)).toBe(holdsNotFor && "deny");
    });

    it.each(accessRuleKinds)("%s: exclude keeps out for whom it holds", async (kind) => {
        const { rule, holdsFor, holdsNotFor } = cases[kind] ?? missing(kind);
        const policies = await policyWith({ include: [{ everyone: {} }], exclude: [{ [kind]: rule }] });
        expect(await decides(policies, holdsFor)).toBe("deny");
        expect(await decides(policies, holdsNotFor)).toBe(holdsNotFor && "allow");
    });
});

function missing(kind: string): never {
    throw new Error(`Nobody has said for whom "${kind}" holds and for whom not.`);
}
