import { parse } from "yaml";
import type { SerializedResource } from "../../../cli/reach/resources.ts";
import type { Environment } from "../../../stacks/config/environment.ts";
import { parseEnvironment } from "../../../stacks/config/parse.ts";
import { generationsOf } from "../../../stacks/rotation/standing.ts";

/** A stack file with two secrets of each kind of schedule: its own, the shared one, and none. */
export const STACK_FILE = `# People and machines.
config:
  sallyport:accountId: ${"a".repeat(32)} # ours
  sallyport:zone: example.com
  sallyport:team: example
  sallyport:audiences:
    robots: { serviceTokens: [ci, nightly] }
  sallyport:serviceTokens:
    ci:
      duration: 2160h
      rotation: { since: "2026-01-01", every: 720h, overlap: 48h, firstVersion: 4 } # monthly
  sallyport:apps:
    - name: wiki
      hostname: wiki.example.com
      service: http://wiki:80
      audience: [robots]
`;

/** The environment that a stack file's text declares. */
export function environmentOf(text: string): Environment {
    const { config } = parse(text) as { config: Record<string, unknown> };
    const values = Object.fromEntries(
        Object.entries(config).map(([key, value]) => [key.replace("sallyport:", ""), value]),
    );
    return parseEnvironment({ stack: "staging", file: "Pulumi.staging.yaml", values, projectDir: "/nowhere" });
}

/** The state of a stack that was deployed completely at a moment, as far as rotation goes. */
export function deployedAt(text: string, now: Date): SerializedResource[] {
    return [stackResource(generationsOf(environmentOf(text), now))];
}

/** What a stack has told of its secrets. */
export function stackResource(rotations: Readonly<Record<string, string>>): SerializedResource {
    return {
        urn: "urn:pulumi:staging::sallyport::pulumi:pulumi:Stack::x",
        type: "pulumi:pulumi:Stack",
        outputs: { rotations },
    };
}

/** A resource of a state, by type and name. */
export function resource(type: string, name: string, more: Partial<SerializedResource>): SerializedResource {
    return { urn: `urn:pulumi:staging::sallyport::${type}::${name}`, type, ...more };
}
