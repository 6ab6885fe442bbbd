/** A reflector whose clock is wrong: `ADDRESS PORT MILLISECONDS`. */
import { startReflector } from "../../../../cli/join/reflector.ts";

const [address = "", port = "", skew = ""] = process.argv.slice(2);
await startReflector({ address, port: Number(port), from: ["2001:db8::/32"], now: () => Date.now() + Number(skew) });
process.stdout.write("ready\n");
