import { describe, expect, it } from "vitest";
import { type Anchor, type Candidate, judge } from "../../cli/recover/evidence.ts";
import { type ApiObject, kindOf } from "../../cli/recover/kinds.ts";

const APPLICATION_ID = "aaaaaaaa-0000-4000-8000-000000000000";
const AUD = "f".repeat(64);
const TUNNEL_ID = "bbbbbbbb-0000-4000-8000-000000000000";
const POLICY_ID = "cccccccc-0000-4000-8000-000000000000";
const TOKEN_ID = "dddddddd-0000-4000-8000-000000000000";

interface Described {
    /** Class of the resource. */
    readonly is: string;
    readonly object: ApiObject & { readonly id: string };
    readonly says?: ApiObject;
    readonly isWhollyKnown?: boolean;
    readonly references?: Candidate["references"];
    /** Name in the program. */
    readonly as?: string;
    /** What else the API tells of it. */
    readonly detail?: unknown;
}

function candidate({
    is,
    object,
    says = object,
    isWhollyKnown = false,
    references = {},
    as = is,
    detail,
}: Described): Candidate {
    const type = `cloudflare:index/${is.charAt(0).toLowerCase()}${is.slice(1)}:${is}`;
    const kind = kindOf(type);
    if (kind === undefined) throw new Error(`${is} is of no kind`);
    const urn = `urn:pulumi:staging::sallyport::${type}::${as}`;
    const declared = { urn, type, name: as, id: undefined, parent: undefined, props: {}, dependencies: {} };
    const { id, ...said } = says;
    const text = JSON.stringify([object, detail]);
    return { declared, kind, id: object.id, importId: object.id, object, said, references, isWhollyKnown, text };
}

const application = candidate({
    is: "ZeroTrustAccessApplication",
    object: {
        id: APPLICATION_ID,
        aud: AUD,
        name: "staging-wiki",
        domain: "wiki.example.com",
        type: "self_hosted",
        policies: [{ id: POLICY_ID }],
    },
    says: { name: "staging-wiki", domain: "wiki.example.com", type: "self_hosted" },
});
const tunnel = candidate({ is: "ZeroTrustTunnelCloudflared", object: { id: TUNNEL_ID, name: "sallyport-staging" } });
const policy = candidate({
    is: "ZeroTrustAccessPolicy",
    object: { id: POLICY_ID, name: "staging-staff", include: [{ service_token: { token_id: TOKEN_ID } }] },
});
const token = candidate({ is: "ZeroTrustAccessServiceToken", object: { id: TOKEN_ID, name: "staging-ci" } });

function verdictOn(
    candidates: readonly Candidate[],
    { own = [], leave = [] }: { own?: string[]; leave?: string[] } = {},
    anchors: Anchor[] = [],
) {
    const { proven, doubtful } = judge(candidates, anchors, { own: new Set(own), leave: new Set(leave) });
    return {
        proven: Object.fromEntries(proven.map(({ candidate: { id }, evidence }) => [id, evidence])),
        doubtful: doubtful.map(({ candidate: { id } }) => id),
    };
}

describe("whether an object is the stack's", () => {
    it("is not shown by its name", () => {
        expect(verdictOn([tunnel, policy, token])).toEqual({ proven: {}, doubtful: [TUNNEL_ID, POLICY_ID, TOKEN_ID] });
    });

    it("is shown by an application under the stack's name and host name, and goes on from there along ids", () => {
        const { proven, doubtful } = verdictOn([token, policy, application]);
        expect(proven).toEqual({
            [APPLICATION_ID]: "has the domain, name, type that the program gives it",
            [POLICY_ID]: 'Access application "staging-wiki" names it',
            [TOKEN_ID]: 'Access policy "staging-staff" names it',
        });
        expect(doubtful).toEqual([]);
    });

    it("is not shown by an application that somebody else put before the host name", () => {
        const foreign = candidate({
            is: "ZeroTrustAccessApplication",
            object: { ...application.object, id: APPLICATION_ID, name: "Wiki by hand" },
            says: { name: "staging-wiki", domain: "wiki.example.com", type: "self_hosted" },
        });
        expect(verdictOn([foreign, policy])).toEqual({ proven: {}, doubtful: [APPLICATION_ID, POLICY_ID] });
    });

    it("is shown for a tunnel by rules that demand the application's token, which its list does not tell", () => {
        const rules = { config: { ingress: [{ originRequest: { access: { audTag: [AUD] } } }] } };
        const serving = candidate({
            is: "ZeroTrustTunnelCloudflared",
            object: { id: TUNNEL_ID, name: "x" },
            detail: rules,
        });
        expect(verdictOn([application, serving]).proven[TUNNEL_ID]).toBe('it names Access application "staging-wiki"');
        expect(verdictOn([application, tunnel]).doubtful).toEqual([TUNNEL_ID]);
    });

    it("is shown by contents that are all known and all the same, where a kind has contents to tell", () => {
        const object = {
            id: POLICY_ID,
            name: "staging-staff",
            decision: "allow",
            include: [{ email_domain: { domain: "example.com" } }],
        };
        const says = { ...object, include: [{ email_domain: { domain: "example.com" } }] };
        const whole = { is: "ZeroTrustAccessPolicy", object, says };
        expect(verdictOn([candidate({ ...whole, isWhollyKnown: true })]).proven[POLICY_ID]).toBe(
            "says what the program declares",
        );
        expect(verdictOn([candidate(whole)]).doubtful).toEqual([POLICY_ID]);
        const wider = { ...object, include: [...object.include, { everyone: {} }] };
        expect(verdictOn([candidate({ ...whole, object: wider, isWhollyKnown: true })]).doubtful).toEqual([POLICY_ID]);
        expect(
            verdictOn([
                candidate({
                    is: "ZeroTrustAccessServiceToken",
                    object: token.object as Described["object"],
                    isWhollyKnown: true,
                }),
            ]).doubtful,
        ).toEqual([TOKEN_ID]);
    });

    it("is shown by what the state has, in either direction", () => {
        const anchor = {
            name: "config of the state",
            id: "eeeeeeee-0000-4000-8000-000000000000",
            text: `{"tunnelId":"${TUNNEL_ID}"}`,
        };
        expect(verdictOn([tunnel], {}, [anchor]).proven[TUNNEL_ID]).toBe("config of the state names it");
        const naming = candidate({ is: "DnsRecord", object: { id: "1".repeat(32), name: "a", content: anchor.id } });
        expect(verdictOn([naming], {}, [anchor]).proven["1".repeat(32)]).toBe("it names config of the state");
    });

    it("is said by a person, who may also say that it is somebody else's", () => {
        expect(verdictOn([tunnel], { own: [TUNNEL_ID] }).proven[TUNNEL_ID]).toBe("named with --own");
        expect(verdictOn([tunnel, policy], { leave: [TUNNEL_ID] }).doubtful).toEqual([POLICY_ID]);
    });
});

describe("of several objects in one place", () => {
    const routeIn = (as: string, id: string, network: string, references = {}) =>
        candidate({
            is: "ZeroTrustTunnelCloudflaredRoute",
            as,
            object: { id, network: "10.20.0.0/16", tunnel_id: TUNNEL_ID, virtual_network_id: network },
            references,
        });
    const [inDefault, inLab] = ["1".repeat(32), "2".repeat(32)];
    const [defaultNetwork, lab] = ["3".repeat(32), "4".repeat(32)];
    const network = candidate({ is: "ZeroTrustTunnelCloudflaredVirtualNetwork", object: { id: lab, name: "lab" } });
    const anchor = { name: "tunnel", id: TUNNEL_ID, text: "" };

    it("each is the one that names what the program has it name", () => {
        const references = { virtual_network_id: [network.declared.urn] };
        const routes = [
            routeIn("office", inDefault, defaultNetwork),
            routeIn("office", inLab, lab),
            routeIn("lab", inDefault, defaultNetwork, references),
            routeIn("lab", inLab, lab, references),
        ];
        const { proven, doubtful } = judge([network, ...routes], [anchor], { own: new Set([lab]), leave: new Set() });
        const chosen = Object.fromEntries(proven.map(({ candidate: { declared, id } }) => [declared.name, id]));
        expect(chosen).toMatchObject({ office: inDefault, lab: inLab });
        expect(doubtful).toEqual([]);
    });

    it("none is chosen where nothing tells them apart", () => {
        const twins = [routeIn("office", inDefault, defaultNetwork), routeIn("office", inLab, lab)];
        const { proven, doubtful } = judge(twins, [anchor], { own: new Set(), leave: new Set() });
        expect(proven).toEqual([]);
        expect(doubtful.map(({ reason }) => reason)).toEqual(
            Array(2).fill("it is one of several that look like this stack's"),
        );
    });

    it("the stack's own is taken and the others are left alone", () => {
        const other = candidate({ is: "ZeroTrustAccessPolicy", object: { id: "5".repeat(32), name: "staging-staff" } });
        expect(verdictOn([application, policy, other])).toMatchObject({
            doubtful: [],
            proven: { [POLICY_ID]: expect.anything() },
        });
    });
});
