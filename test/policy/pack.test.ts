import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { credentials } from "@grpc/grpc-js";
import grpcTypes from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import { describe, expect, it } from "vitest";
import { REPLACED_BY, Token } from "../../policy/tokens.ts";

const require = createRequire(import.meta.url);
const folder = fileURLToPath(new URL("../../policy", import.meta.url));

/**
 * The pack as Pulumi's language host starts it: its own loader, the pack's folder as working directory, the port on
 * stdout.
 */
class LoadedPack implements AsyncDisposable {
    readonly client: InstanceType<typeof grpcTypes.AnalyzerClient>;
    readonly #process: ChildProcess;

    private constructor(process: ChildProcess, port: string) {
        this.#process = process;
        this.client = new grpcTypes.AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
    }

    static async load(): Promise<LoadedPack> {
        const loader = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
        const child = spawn(process.execPath, [loader, "127.0.0.1:1", "."], {
            cwd: folder,
            stdio: ["ignore", "pipe", "pipe"],
        });
        let errors = "";
        child.stderr.on("data", (chunk) => {
            errors += chunk;
        });
        const failed = once(child, "exit").then(() => Promise.reject(new Error(`The pack does not load: ${errors}`)));
        const [chunk] = await Promise.race([once(child.stdout, "data"), failed]);
        return new LoadedPack(child, String(chunk).trim());
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.client.close();
        const ended = once(this.#process, "exit");
        this.#process.kill();
        await ended;
    }
}

describe("the pack", () => {
    it("is loaded by Pulumi's own loader without a build, and blocks a published port", async () => {
        await using pack = await LoadedPack.load();
        const struct = createRequire(require.resolve("@pulumi/pulumi/package.json"))(
            "google-protobuf/google/protobuf/struct_pb.js",
        );
        const request = new messages.AnalyzeRequest();
        request.setType("docker:index/service:Service");
        request.setName("web");
        request.setUrn("urn:pulumi:staging::sallyport::docker:index/service:Service::web");
        request.setProperties(struct.Struct.fromJavaScript({ endpointSpec: { ports: [{ targetPort: 80 }] } }));
        request.setOptions(new messages.AnalyzerResourceOptions());
        const answer = await new Promise<InstanceType<typeof messages.AnalyzeResponse>>((resolve, reject) => {
            pack.client.analyze(request, (error, response) => (error ? reject(error) : resolve(response)));
        });
        const found = answer.getDiagnosticsList().map((diagnostic) => ({
            rule: diagnostic.getPolicyname(),
            level: diagnostic.getEnforcementlevel(),
        }));
        expect(found).toEqual([{ rule: "no-published-service-port", level: messages.EnforcementLevel.MANDATORY }]);
    });

    it("judges by the tokens that the providers register", () => {
        const tokens = [...Object.values(Token), ...Object.keys(REPLACED_BY)].filter(
            (token) => !token.startsWith("pulumi:providers:"),
        );
        const registered = tokens.map((token) => {
            const [provider, module = "", name = ""] = token.split(":");
            return require(`@pulumi/${provider}/${module.split("/")[1]}.js`)[name].__pulumiType;
        });
        expect(registered).toEqual(tokens);
    });
});
