import { connect, type NetConnectOpts, type Socket } from "node:net";

/** Carries an accepted connection on to an address, both ways, until either side ends or breaks. */
export function pass(inner: Socket, to: NetConnectOpts): void {
    const outer = connect(to);
    inner.pipe(outer).pipe(inner);
    inner.on("error", () => outer.destroy());
    outer.on("error", () => inner.destroy());
    inner.once("close", () => outer.destroy());
    outer.once("close", () => inner.destroy());
}
