import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { declaredInCSharp, declaredInJava, declaredInYaml } from "./support/declared.ts";
import { argumentMistakes, hasOutput } from "./support/schemaMistakes.ts";

const LANGUAGES = join(import.meta.dirname, "../../examples/languages");
const read = (file: string) => readFileSync(join(LANGUAGES, file), "utf8");

const YAML = read("yaml/Pulumi.yaml");
const CSHARP = read("csharp/Program.cs");
const JAVA = read("java/src/main/java/guarded/App.java");

/** A program with one text in the place of another, which must be there. */
function changed(program: string, text: string, other: string): string {
    expect(program).toContain(text);
    return program.replace(text, other);
}

/** What is wrong with a YAML program, by the package's schema. */
function mistakesIn(yaml: string): string[] {
    const { resources } = parse(yaml) as { resources: Record<string, { type: string; properties: object }> };
    const unknown = declaredInYaml(yaml).outputs.filter((read) => {
        const [component = "", output = ""] = read.split(" ");
        return !hasOutput(component, output);
    });
    return [
        ...Object.values(resources).flatMap(({ type, properties }) =>
            argumentMistakes(type.replace("sallyport:", ""), properties),
        ),
        ...unknown.map((read) => `there is no output ${read}`),
    ];
}

describe("the example in YAML", () => {
    it("gives the components what the schema has, and reads what they have", () => {
        expect(mistakesIn(YAML)).toEqual([]);
        expect(declaredInYaml(YAML).components).toHaveLength(5);
    });

    it.each([
        ["type: sallyport:NamedTunnel", "type: sallyport:Tunnel", "Tunnel is not in the package"],
        ["emailDomains:", "emailDomain:", "AccessAudience.emailDomain is unknown"],
        ["service: http://grafana:3000", "", "TunnelIngress.routes[0].service is missing"],
        [
            "connectTimeout: 10",
            "connectTimeout: soon",
            "TunnelIngress.routes[0].originRequest.connectTimeout is no number",
        ],
        ["emails: [guest@example.com]", "emails: guest@example.com", "AccessAudience.exclude.emails is no list"],
        ["edge.tunnelId", "edge.uuid", "there is no output NamedTunnel uuid"],
    ])("would be found out with a mistake: %s → %s", (text, other, mistake) => {
        expect(mistakesIn(changed(YAML, text, other))).toContain(mistake);
    });
});

describe.each([
    { language: "C#", program: CSHARP, read: declaredInCSharp, spelt: "EmailDomains", output: "ci.ClientSecret" },
    { language: "Java", program: JAVA, read: declaredInJava, spelt: ".emailDomains(", output: "ci.clientSecret()" },
])("the example in $language", ({ program, read, spelt, output }) => {
    it("says the same as the one in YAML", () => {
        expect(read(program)).toEqual(declaredInYaml(YAML));
    });

    it("would be found out with another argument, output or component", () => {
        for (const [text, other] of [
            [spelt, spelt.replace("omains", "omain")],
            [output, output.replace("ecret", "ecrets")],
            ['new NamedTunnel("edge"', 'new Tunnel("edge"'],
        ] as const) {
            expect(read(changed(program, text, other))).not.toEqual(declaredInYaml(YAML));
        }
    });
});
