/** One line of the answer of `sallyport join check`. */
export interface JoinFinding {
    /** What was looked at: `ipv6`. */
    readonly id: string;
    /** `unknown`: not to be told from here, or not without another node's help. */
    readonly verdict: "ok" | "no" | "unknown";
    readonly seen: string;
    /** What to do about it; absent where nothing is to be done. */
    readonly fix?: string;
}

export const ok = (id: string, seen: string): JoinFinding => ({ id, verdict: "ok", seen });
export const no = (id: string, seen: string, fix: string): JoinFinding => ({ id, verdict: "no", seen, fix });
export const unknown = (id: string, seen: string, fix: string): JoinFinding => ({ id, verdict: "unknown", seen, fix });
