import { timingSafeEqual } from "node:crypto";

/** Compares what somebody sent with what it should be, in a time that does not tell how much of it is right. */
export function isSameSecret(one: string, other: string): boolean {
    const [a, b] = [Buffer.from(one), Buffer.from(other)];
    return a.length === b.length && timingSafeEqual(a, b);
}
