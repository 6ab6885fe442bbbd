import type { Verdict } from "./finding.ts";

/** A certificate that ends sooner is named: renewals happen a month ahead. */
const LEAST_DAYS = 7;
const DAY_MS = 86_400_000;

/** Whether a certificate lasts for another week; several count as the one that ends first. */
export function lastsAWeek(ends: readonly Date[], now = Date.now()): Verdict {
    const days = Math.floor((Math.min(...ends.map((end) => end.getTime())) - now) / DAY_MS);
    return { ok: days >= LEAST_DAYS, detail: days < 0 ? "has ended" : `for ${days} more days` };
}
