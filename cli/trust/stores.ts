import { dirname } from "node:path";
import { CommandError, Exit } from "../exit.ts";
import { macosStore, windowsStore } from "./desktopStores.ts";
import { installedAuthorities } from "./journal.ts";
import { linuxStore } from "./linuxStore.ts";
import { nssStores } from "./nssStores.ts";
import { Through } from "./through.ts";
import type { TrustStore } from "./trustStore.ts";

/** The stores of this machine that can be changed. @throws CommandError (exit 3) where there is none. */
export async function storesOf(through: Through): Promise<TrustStore[]> {
    if (through === Through.Mkcert) return [mkcertStore];
    const own = systemStore();
    const stores = [...(own === undefined ? [] : [own]), ...(await nssStores())];
    if (stores.length === 0) {
        const fix = "install mkcert and add --through mkcert, or import the certificate into your browser by hand";
        throw new CommandError(Exit.failed, "this system has no trust store that is known here", fix);
    }
    return stores;
}

function systemStore(): TrustStore | undefined {
    switch (process.platform) {
        case "darwin":
            return macosStore;
        case "win32":
            return windowsStore;
        default:
            return linuxStore();
    }
}

/** Whatever the real mkcert knows to change, Java's store among it. It does not tell what is there: what was installed through it is noted here. */
const mkcertStore: TrustStore = {
    name: "whatever mkcert finds",
    has: async ({ fingerprint }) =>
        installedAuthorities().some(
            ({ authority, through }) => authority.fingerprint === fingerprint && through === Through.Mkcert,
        ),
    adding: (_, file) => [{ program: "mkcert", args: ["-install"], env: { CAROOT: dirname(file) } }],
    removing: (_, file) => [{ program: "mkcert", args: ["-uninstall"], env: { CAROOT: dirname(file) } }],
};
