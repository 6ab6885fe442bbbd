import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Truth } from "../../emulator/edge/access/policy/truth.ts";
import { evaluate, type Facts } from "../../emulator/edge/private/gateway/evaluate.ts";
import { ExpressionError, parseExpression } from "../../emulator/expressions/index.ts";

const { True, False, Unknown } = Truth;

const FACTS: Facts = {
    "net.dst.ip": "10.20.1.5",
    "net.dst.port": 443,
    "net.vnet_id": "vnet-1",
    "identity.email": "ada@example.com",
    "identity.groups.name": ["staff", "oncall"],
    "device_posture.checks.passed": ["disk", "firewall"],
    "dns.domains": ["wiki.internal.example", "internal.example", "example"],
};
const LISTS: Readonly<Record<string, readonly string[]>> = {
    offices: ["10.20.0.0/16", "192.168.1.7"],
    people: ["ada@example.com"],
    ports: ["443"],
};

function truth(text: string, facts: Facts = FACTS): Truth {
    return evaluate(parseExpression(text), facts, (id) => LISTS[id]);
}

describe("an expression of Gateway's", () => {
    it.each([
        ["net.dst.ip in {10.20.0.0/16 fd00:20::/48}", True],
        ["net.dst.ip in {10.21.0.0/16 fd00:20::/48}", False],
        ["net.dst.ip == 10.20.1.5", True],
        ["net.dst.ip in {10.20.1.1..10.20.1.9}", True],
        ["net.dst.ip in {10.20.1.6..10.20.1.9}", False],
        ["net.dst.ip in $offices", True],
        ["net.dst.port in {22 443}", True],
        ["net.dst.port in {8000..8999}", False],
        ["net.dst.port >= 443 and net.dst.port < 444", True],
        ["net.dst.port in $ports", True],
        ["net.dst.port != 443", False],
        ['net.vnet_id == "vnet-1"', True],
        ['net.vnet_id eq "vnet-2"', False],
        ['identity.email in {"eve@example.org" "ada@example.com"}', True],
        ["identity.email in $people", True],
        ['identity.email matches "^[^@]+@example[.]com$"', True],
        ['identity.email matches "^[^@]+@EXAMPLE[.]com$"', False],
        ['identity.email matches "(?i)^[^@]+@EXAMPLE[.]com$"', True],
        ['identity.email matches r"@example\\.com$"', True],
        ['identity.email matches "@example\\\\.com$"', True],
        ['identity.email contains "@example."', True],
        ['any(identity.groups.name[*] in {"finance" "staff"})', True],
        ['any(identity.groups[*].name == "finance")', False],
        ['all(identity.groups.name[*] in {"staff" "oncall"})', True],
        ['all(identity.groups.name[*] == "staff")', False],
        ['any(identity.groups.name[*] != "staff")', True],
        ['identity.groups.name == "staff"', True],
        ['identity.groups.name != "staff"', False],
        ['any(device_posture.checks.passed[*] in {"disk"}) and any(device_posture.checks.passed[*] in {"os"})', False],
        ['any(dns.domains[*] == "internal.example")', True],
        ["not net.dst.port == 443 or net.dst.port == 443", True],
        ["not (net.dst.port == 443 or net.dst.port == 22)", False],
        ["net.dst.port == 22 and net.dst.port == 443 or net.dst.port == 443", True],
        ["net.dst.port == 443 xor net.dst.port == 443", False],
        ["net.dst.port == 22 || net.dst.port == 443 && !(net.dst.port == 22)", True],
    ])("holds or does not: %s", (text, expected) => {
        expect(truth(text)).toBe(expected);
    });

    it.each([
        'net.sni.host == "a.example.com"',
        "http.request.uri.path in {443}",
        "net.dst.ip in $nowhere",
        "net.src.ip in {10.0.0.0/8} and net.dst.port == 443",
        'not identity.name == "Ada"',
    ])("is neither true nor false where what it asks cannot be known: %s", (text) => {
        expect(truth(text)).toBe(Unknown);
    });

    it("is decided where what cannot be known does not matter", () => {
        expect(truth('net.sni.host == "a" and net.dst.port == 22')).toBe(False);
        expect(truth('net.sni.host == "a" or net.dst.port == 443')).toBe(True);
    });

    it.each([
        ["", /character 1: the end stands where a field/],
        ["net.dst.ip", /ends in the middle of a comparison/],
        ["net.dst.port == 443 net.dst.port == 22", /character 21: .* stands where the end or one of and, or, xor/],
        ["(net.dst.port == 443", /character 21: .*closing parenthesis/],
        ["net.dst.port in {443", /no closing brace/],
        ["net.dst.port in {}", /the set is empty/],
        ["net.dst.port in 443", /"in" takes values between braces/],
        ["net.dst.port == {22 443}", /"==" takes one value/],
        ["net.dst.port == 22..443", /not a value here/],
        ['net.dst.port == "443"', /character 17: net.dst.port is compared with numbers/],
        ['net.dst.ip in {"10.20.0.0/16"}', /net.dst.ip is compared with addresses/],
        ["net.dst.ip == 10.20.0.0/16", /not a value here/],
        ["net.dst.ip in {10.20.0.0/33}", /not a value here/],
        ["net.dst.ip in {10.20}", /not a value here/],
        ["net.dst.ip in {10.0.0.1..::1}", /not a value here/],
        ["net.dst.ip > 10.0.0.1", /order is for numbers/],
        ["identity.email == ada", /"ada" is not a value here/],
        ["identity.email == 5", /identity.email is compared with text/],
        ['identity.email matches "("', /pattern cannot be read/],
        ['identity.email matches "\\d"', /escape \\d; write \\\\/],
        ['identity.email == "ada', /without its closing quote/],
        ["identity.email bitwise_and 5", /not an operator that is known here/],
        ['lower(identity.email) == "a"', /lower\(\) is not a function/],
        ['identity.groups.name[*] == "staff"', /write any\(identity.groups.name\[\*\] …\)/],
        ['any(identity.groups.name == "staff")', /write identity.groups.name\[\*\]/],
        ['any(identity.groups.name[0] == "staff")', /single elements/],
        ['identity.email == "a" ; drop', /";" does not belong/],
        [`${"(".repeat(65)}net.dst.port == 1${")".repeat(65)}`, /more than 64 terms/],
    ])("is refused with the place of its mistake: %s", (text, expected) => {
        expect(() => parseExpression(text)).toThrow(ExpressionError);
        expect(() => parseExpression(text)).toThrow(expected);
    });

    it("of whatever text is read or refused, never anything else", () => {
        const pieces = fc.constantFrom(
            ...["net.dst.ip", "identity.email", "any(", "(", ")", "{", "}", "[*]", "in", "==", "and", "not", "matches"],
            ...['"a"', '"(', "443", "10.0.0.0/8", "$list", "::1", "\\", "..", " "],
        );
        const texts = fc.oneof(
            fc.string(),
            fc.array(pieces).map((some) => some.join(" ")),
        );
        fc.assert(
            fc.property(texts, (text) => {
                try {
                    truth(text);
                } catch (error) {
                    expect(error).toBeInstanceOf(ExpressionError);
                }
            }),
            { numRuns: 2000 },
        );
    });

    it("means what its connectives mean, however they are nested", () => {
        const leaves = fc.constantFrom(
            { text: "net.dst.port == 443", value: true },
            { text: "net.dst.port == 22", value: false },
        );
        type Tree = { readonly text: string; readonly value: boolean };
        const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
            tree: fc.oneof(
                { depthSize: "small", withCrossShrink: true },
                leaves,
                tie("tree").map(({ text, value }) => ({ text: `not (${text})`, value: !value })),
                fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => ({
                    text: `(${a.text}) and (${b.text})`,
                    value: a.value && b.value,
                })),
                fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => ({
                    text: `((${a.text}) or (${b.text}))`,
                    value: a.value || b.value,
                })),
                fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => ({
                    text: `(${a.text}) xor (${b.text})`,
                    value: a.value !== b.value,
                })),
            ),
        }));
        fc.assert(
            fc.property(tree, ({ text, value }) => {
                expect(truth(text)).toBe(value ? True : False);
            }),
        );
    });
});
