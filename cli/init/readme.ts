import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { type Answers, Ci } from "./answers.ts";
import { nextSteps } from "./nextSteps.ts";

const REVIEWED: Readonly<Record<Ci, string>> = {
    [Ci.GitHub]:
        "`.github/workflows` brings it to pull requests, deploys what is merged, and at night rotates secrets that are due and looks for drift; the files say which secrets they take.",
    [Ci.GitLab]:
        "`.gitlab-ci.yml` brings it to merge requests, deploys what is merged, and on a schedule rotates secrets that are due and looks for drift; the file says which variables it takes.",
    [Ci.None]: "Let your CI run the same for each change.",
};

/** The new project's own page. */
export function readme(answers: Answers): string {
    const { name, zone, environments, ci } = answers;
    const [first = ""] = environments;
    return `# ${name}

What of ${zone} is reachable, and by whom: Cloudflare Tunnel and Access before every service, by [Sallyport](https://www.npmjs.com/package/sallyport).

| file | says |
|---|---|
${environments.map((environment) => `| \`Pulumi.${environment}.yaml\` | what \`${environment}\` is made of: apps, and who may enter |`).join("\n")}
| \`Pulumi.${LOCAL_STACK}.yaml\` | the environment on your own machine, against an emulator |
| \`policy.<environment>.json\` | levels, settings and waivers of the policy pack |
| \`index.ts\` | the program: what the stack file declares, and whatever you add |

## A change

\`\`\`sh
npm ci
npx sallyport preview ${first} --offline --against origin/main   # what changes, who gains and who loses access; no account is asked
npm run local -- --yes   # all of it on this machine, no account needed; \`npm run local -- down\` removes it
\`\`\`

${REVIEWED[ci]}

## To begin with

\`\`\`sh
${nextSteps(answers)
    .map(({ command, why }) => `# ${why}\n${command}`)
    .join("\n\n")}
\`\`\`
`;
}
