/**
 * A small language host for Node.js, for the engine that was built from source: the Go build comes without one.
 * `main.ts <engine address>`, run by the executable `pulumi-language-nodejs` that `install.ts` writes.
 */
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { listen, report } from "../plugin/listen.ts";
import { processes } from "./processes.ts";
import { languageService } from "./service.ts";

const [engineAddress = ""] = process.argv.slice(2);
const { service, cancel } = languageService(processes, engineAddress);
report(await listen(services.LanguageRuntimeService, service), cancel);
