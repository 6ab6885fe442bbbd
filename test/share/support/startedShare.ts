/** Starts a share with what it is told on standard input, says so, and waits to be killed. */
import { json } from "node:stream/consumers";
import { type ShareOptions, startShare } from "../../../cli/share/share.ts";

const told = (await json(process.stdin)) as Pick<ShareOptions, "target" | "executable"> & {
    request: Omit<ShareOptions["request"], "origin"> & { origin: string };
};
const { signal } = new AbortController();
const request = { ...told.request, origin: new URL(told.request.origin) };
await startShare({ ...told, request, signal, onNews: () => {} });
process.stdout.write("shared\n");
