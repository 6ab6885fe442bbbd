import { type Answers, Ci, Login, Platform } from "../../cli/init/answers.ts";

/** What the command line says at least. */
export const NEEDED = { zone: "example.com", accountId: "0123456789abcdef0123456789abcdef", team: "example" };

/** When a project is made. */
export const TODAY = new Date("2026-02-03T04:05:06Z");

export const ANSWERS: Answers = {
    ...NEEDED,
    name: "infra",
    people: ["@example.com", "grace@partner.example"],
    login: Login.None,
    environments: ["staging", "prod"],
    platform: Platform.Swarm,
    ci: Ci.GitHub,
};
