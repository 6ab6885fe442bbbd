import { expect, it } from "vitest";
import { emailDomainProblem } from "../../components/validation/index.ts";
import { PUBLIC_MAIL } from "../../policy/rules/access/noEveryone.ts";

it("the pack and the components agree where anybody can open a mailbox", () => {
    const refused = [...PUBLIC_MAIL, "example.com"].filter((domain) => emailDomainProblem(domain) !== undefined);
    expect(refused).toEqual([...PUBLIC_MAIL]);
});
