import { connect, type NetConnectOpts, type Socket } from "node:net";

/** Carries an accepted connection on to an address, both ways, until either side ends or breaks. It holds nothing back: what is measured through it is not its own. */
export function pass(inner: Socket, to: NetConnectOpts): void {
    const outer = connect({ ...to, noDelay: true });
    inner.setNoDelay(true);
    inner.pipe(outer).pipe(inner);
    inner.on("error", () => outer.destroy());
    outer.on("error", () => inner.destroy());
    inner.once("close", () => outer.destroy());
    outer.once("close", () => inner.destroy());
}
