/** Starts a tied program that prints its process id, tells it, and waits to be killed. */
import { startTied } from "../../../cli/processes/tied.ts";

const program = 'process.on("SIGTERM", () => process.exit()); console.log(process.pid); setInterval(() => {}, 1000)';
startTied(process.execPath, ["-e", program], { env: {}, onLine: (pid) => process.stdout.write(`${pid}\n`) });
