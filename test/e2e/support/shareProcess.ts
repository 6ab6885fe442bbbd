/** Does what `sallyport share` does, in the account that it is told on standard input: a test kills it. */
import { json } from "node:stream/consumers";
import { Mistakes } from "../../../cli/mistakes.ts";
import { shareRequest } from "../../../cli/share/request.ts";
import { holdShare } from "../../../cli/share/session.ts";
import type { ShareTarget } from "../../../cli/share/target.ts";

const { target, url, people, seconds } = (await json(process.stdin)) as {
    target: ShareTarget;
    url: string;
    people: string[];
    seconds?: number;
};
const mistakes = new Mistakes();
const request = shareRequest({ url, with: people, for: "10m", name: "demo", zone: target.zone.name }, mistakes);
mistakes.throwIfAny();
await holdShare({ ...request, seconds: seconds ?? request.seconds }, target, true);
