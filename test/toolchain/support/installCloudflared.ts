/** Installs cloudflared in a process of its own, which a test kills or lets meet another one; tells how it is going on standard output. */
import { ensureTool } from "../../../toolchain/index.ts";

const say = (text: string) => process.stdout.write(`${text}\n`);
const progress = { step: say, detail: say, done: () => {} };
const unreachable = async () => ({ ok: false, why: "no network" }) as const;
const { path } = await ensureTool("cloudflared", { progress, reach: unreachable });
say(`installed ${path}`);
