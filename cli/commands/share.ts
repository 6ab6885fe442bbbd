import { Command } from "commander";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { CommandError, Exit } from "../exit.ts";
import { Mistakes } from "../mistakes.ts";
import { projectDir } from "../project.ts";

interface Options {
    with: string[];
    for: string;
    name?: string;
    stack: string;
    clean: boolean;
    json: boolean;
}

/** `sallyport share URL --with PERSON…`: a web application of this machine, for a colleague, behind Access, for a while. */
export function shareCommand(): Command {
    return new Command("share")
        .description("let colleagues open a web application of this machine for a while, behind Access")
        .argument("[url]", "where it is, for example http://localhost:3000; loopback or a private address")
        .option("--with <person...>", "e-mail address, or @ and a domain for everybody there", [])
        .option("--for <duration>", "how long, 1m to 24h", "2h")
        .option("--name <label>", "first label of the hostname; a random one where omitted")
        .option("--stack <stack>", "stack whose account, zone and team are used", LOCAL_STACK)
        .option("--clean", "remove what is left of shares that crashed or are over, and end", false)
        .option("--json", "one JSON document on stdout once it is shared", false)
        .addHelpText(
            "after",
            "\nExample:\n  npx sallyport share http://localhost:3000 --with ada@example.com --for 30m --stack staging",
        )
        .action(run);
}

async function run(url: string | undefined, options: Options): Promise<void> {
    if (options.clean) {
        await clean(url, options);
        return;
    }
    if (url === undefined) {
        throw new CommandError(
            Exit.usage,
            "no URL is named",
            "write it first: sallyport share http://localhost:3000 --with ada@example.com",
        );
    }
    const { readStackFile } = await import("../../stacks/config/stackFile.ts");
    const { shareRequest } = await import("../share/request.ts");
    const zone = readStackFile(projectDir, options.stack, { readEmulator: false }).zone.name;
    const mistakes = new Mistakes();
    const request = shareRequest({ url, with: options.with, for: options.for, name: options.name, zone }, mistakes);
    mistakes.throwIfAny();

    const { requireOrigin } = await import("../share/originAnswers.ts");
    await requireOrigin(request.origin);
    const { shareTarget } = await import("../share/target.ts");
    const { holdShare } = await import("../share/session.ts");
    await holdShare(request, await shareTarget(options.stack), options.json);
}

async function clean(url: string | undefined, { stack, json }: Options): Promise<void> {
    if (url !== undefined) {
        throw new CommandError(Exit.usage, `--clean shares nothing, and "${url}" is named`, "leave one of the two out");
    }
    const { shareTarget } = await import("../share/target.ts");
    const { cleanShares } = await import("../share/session.ts");
    await cleanShares(await shareTarget(stack), json);
}
