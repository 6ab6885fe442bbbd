import { type Answers, Platform } from "./answers.ts";
import { hasSecret, isRegistered, secretCommand } from "./loginComment.ts";

export interface Step {
    readonly command: string;
    readonly why: string;
}

/** What is left to do in the new project's folder, in order. Secrets are typed into prompts of `pulumi`, never into a command. */
export function nextSteps(answers: Answers): Step[] {
    const { environments, platform } = answers;
    const [first = ""] = environments;
    const production = environments.at(-1) ?? first;
    return [
        { command: "npm install", why: "once; commit package-lock.json, by which everybody gets the same" },
        { command: `npx sallyport preview ${first} --offline`, why: "what it means; no account is asked" },
        { command: "npm run local -- --yes", why: "all of it on this machine, against an emulator" },
        ...(platform === Platform.Host
            ? [
                  {
                      command: "docker swarm init --advertise-addr 127.0.0.1",
                      why: "on the machine with Docker: a Swarm of one",
                  },
              ]
            : []),
        {
            command: "npx pulumi login",
            why: "where the state is to be kept: Pulumi Cloud, or a bucket or folder by its URL",
        },
        ...environments.map((environment) => ({
            command: `npx pulumi stack init ${environment}`,
            why: `makes the stack ${environment}`,
        })),
        ...environments.map((environment) => ({
            command: `npx pulumi config set -s ${environment} --secret cloudflare:apiToken`,
            why: "asks for a Cloudflare API token, and keeps it encrypted",
        })),
        ...(isRegistered(answers) && hasSecret(answers)
            ? [
                  {
                      command: secretCommand(production),
                      why: `asks for the identity provider's client secret; first see to what Pulumi.${production}.yaml says of it at its end`,
                  },
              ]
            : []),
        {
            command: `npx pulumi up -s ${first} --policy-pack node_modules/@sallyport/policy --policy-pack-config policy.${first}.json`,
            why: "deploys it",
        },
    ];
}
