import { type Answers, Ci, Login, Platform } from "../../cli/init/answers.ts";

/** What the command line says at least. */
export const NEEDED = { zone: "example.com", accountId: "0123456789abcdef0123456789abcdef", team: "example" };

export const ANSWERS: Answers = {
    ...NEEDED,
    name: "infra",
    people: ["@example.com", "grace@partner.example"],
    login: Login.None,
    environments: ["staging", "prod"],
    platform: Platform.Swarm,
    ci: Ci.GitHub,
};
