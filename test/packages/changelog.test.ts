import { expect, it } from "vitest";
import { released } from "../../packages/release/changelog.ts";

const LOG = `# Changelog

All notable changes.

## Unreleased

### Added
- Something.

### Removed
- Something else.

## 0.1.0

### Added
- The beginning.
`;

it("gives what was unreleased a version, with the changes below their headings, and leaves the rest alone", () => {
    const log = released(LOG, "0.2.0", [
        { kind: "patch", summary: "It works.\nOn two lines." },
        { kind: "minor", summary: "More.\n" },
        { kind: "major", summary: "Another way." },
    ]);
    expect(log).toBe(`# Changelog

All notable changes.

## Unreleased

## 0.2.0

### Added
- Something.
- More.

### Removed
- Something else.

### Fixed
- It works.
  On two lines.

### Changed
- Another way.

## 0.1.0

### Added
- The beginning.
`);
});

it("begins with what there is where nothing was written by hand, and where it is the first version", () => {
    expect(released("# Changelog\n\n## Unreleased\n", "0.1.0", [{ kind: "minor", summary: "All of it." }])).toBe(
        "# Changelog\n\n## Unreleased\n\n## 0.1.0\n\n### Added\n- All of it.\n",
    );
});

it("refuses a log without an unreleased part", () => {
    expect(() => released("# Changelog\n", "0.1.0", [])).toThrow('CHANGELOG.md has no heading "## Unreleased"');
});
