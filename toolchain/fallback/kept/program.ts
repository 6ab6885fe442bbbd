/**
 * Runs one Pulumi program after the other in this process, each as the Automation API runs an inline one; started by `runtime.ts`. A program's default
 * export is a function, which every run calls anew.
 */
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import pb from "@pulumi/pulumi/proto/language_pb.js";

/** What runs the Automation API's inline programs; its types are kept to the SDK itself. */
const { LanguageServer } = createRequire(import.meta.url)("@pulumi/pulumi/automation/server.js") as {
    LanguageServer: new (
        program: () => Promise<object>,
    ) => { run(call: { request: pb.RunRequest }, done: (error?: Error | null) => void): void };
};

/** A run, as the language host hands it on. */
export interface Job {
    /** `pulumirpc.RunRequest`. It holds decrypted secrets, which no argument and no environment shows. */
    readonly request: Uint8Array;
    readonly engineAddress: string;
}

/** What became of it: nothing more to say, or a failure that nobody has told the user of yet. */
export interface Answer {
    readonly failed: boolean;
    readonly untold?: string | undefined;
}

process.on("message", (job: Job) => {
    run(job).then(
        (answer) => process.send?.(answer),
        (error: Error) => process.send?.({ failed: true, untold: error.message } satisfies Answer),
    );
});
// Whoever gives it work is gone.
process.once("disconnect", () => process.exit(0));

async function run({ request: bytes, engineAddress }: Job): Promise<Answer> {
    const request = pb.RunRequest.deserializeBinary(bytes);
    const info = request.getInfo();
    // Links are followed, as Node.js does with a program's main module: whatever folder it is started from, it is one and the same.
    const main = realpathSync(join(info?.getProgramDirectory() ?? "", info?.getEntryPoint() ?? ""));
    process.chdir(request.getPwd());
    // That is where the inline runner looks for it.
    request.setArgsList([engineAddress]);
    let thrown: unknown;
    const program = async () => {
        try {
            const { default: declare } = (await import(pathToFileURL(main).href)) as { default: () => Promise<object> };
            return await declare();
        } catch (error) {
            thrown = error;
            throw error;
        }
    };
    return new Promise((resolve) => {
        new LanguageServer(program).run({ request }, (error) => {
            // What a program throws, and what is rejected in it unheard, the server tells the user itself.
            const isTold = error === thrown || error?.message.startsWith("One or more errors occurred");
            resolve({ failed: error instanceof Error, untold: isTold ? undefined : error?.message });
        });
    });
}
