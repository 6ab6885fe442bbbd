import { relative } from "node:path";
import { Command } from "commander";
import type { Written } from "../init/questions.ts";
import { printJson } from "../ui/table.ts";

interface Flags extends Written {
    yes: boolean;
    json: boolean;
}

/** `sallyport init [FOLDER]`: a new project. */
export function initCommand(): Command {
    return new Command("init")
        .description("make a new project: stack files, program, policy settings, workflows; it asks what is not said")
        .argument("[folder]", "where it is made: a new folder, or one that has none of its files", ".")
        .option("--name <name>", "name of the project; that of the folder where omitted")
        .option("--zone <domain>", "zone that the host names belong to, for example example.com")
        .option("--account-id <id>", "Cloudflare account, 32 hexadecimal digits")
        .option("--team <name>", 'Zero Trust team: "example" for example.cloudflareaccess.com')
        .option("--people <list>", "who may enter: e-mail addresses and domains; @<zone> where omitted")
        .option(
            "--login <kind>",
            "identity provider: none, onetimepin, google, google-apps, github, azureAD, okta, oidc or saml",
        )
        .option("--environments <list>", "in the order of deployment, production last; staging,prod where omitted")
        .option("--platform <kind>", "where the services run: swarm, or host for one machine with Docker")
        .option("--docker-host <address>", "Docker engine of the environments; DOCKER_HOST says it where omitted")
        .option("--ci <kind>", "what reviews and deploys it: github, gitlab or none")
        .option("--yes", "ask nothing: what is not said is as usual", false)
        .option("--json", "one JSON document, and no question", false)
        .addHelpText(
            "after",
            "\nExample:\n  npx sallyport init infra --zone example.com --account-id 0123456789abcdef0123456789abcdef --team example --yes",
        )
        .action(async (folder: string, { yes, json, ...written }: Flags) => {
            const { init } = await import("../init/init.ts");
            const interactive = !yes && !json && process.stdin.isTTY === true && process.stderr.isTTY === true;
            const project = await init({ folder, written, interactive });
            if (json) return printJson(project);
            const cd = relative(process.cwd(), project.folder);
            const steps = [
                ...(cd === "" ? [] : [{ command: `cd ${cd}`, why: `${project.files.length} files are there` }]),
                ...project.next,
            ];
            process.stdout.write(`${steps.map(({ command, why }) => `${command}\n    ${why}`).join("\n")}\n`);
        });
}
