import type { DirectoryApplication } from "../../../accessDirectory.ts";
import { evaluateForPeople, isUnattended, type Verdict } from "../policy/evaluate.ts";
import { externalRulesOf } from "../policy/externalRules.ts";
import type { Subject } from "../policy/subject.ts";
import type { AccessServices } from "../services.ts";

/** What an application's policies make of somebody who has logged in, once the services of its external rules were asked. */
export async function judgePerson(
    { directory, externalEvaluator }: Pick<AccessServices, "directory" | "externalEvaluator">,
    { policies }: Pick<DirectoryApplication, "policies">,
    subject: Subject,
): Promise<Verdict> {
    const { identity } = subject;
    const forPeople = policies.filter((policy) => !isUnattended(policy));
    const rules = externalRulesOf(forPeople, directory);
    if (identity === undefined || rules.length === 0) {
        return evaluateForPeople(policies, subject, directory);
    }
    const externalAnswers = await externalEvaluator.answers(rules, identity);
    return evaluateForPeople(policies, { ...subject, externalAnswers }, directory);
}
