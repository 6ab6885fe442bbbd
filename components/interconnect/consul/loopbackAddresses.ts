import { spread } from "./spread.ts";

/** A pair of services. */
interface Pair {
    from: string;
    to: string;
}

/** 127.64.0.0/10: Linux answers on all of 127.0.0.0/8, and nothing else is usually found this far up. */
const FIRST = (127 << 24) | (64 << 16);
const COUNT = 1 << 22;

/** A loopback address for each pair, which stays its own: so a service keeps its port however many of its kind a machine uses. */
export function loopbackAddresses<T extends Pair>(pairs: readonly T[]): Map<T, string> {
    const offsets = spread(pairs.map(keyOf), COUNT);
    return new Map(pairs.map((pair) => [pair, dotted(FIRST + (offsets.get(keyOf(pair)) ?? 0))]));
}

const keyOf = ({ from, to }: Pair) => `${from} → ${to}`;

function dotted(address: number): string {
    return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");
}
