/** Cloudflare's range for the addresses that Gateway's resolver hands out for private host names, 100.80.0.0/16 ("Reserved IP addresses"). */
const PREFIX = "100.80";
const HIGHEST = 0xffff;

/** The address that each private host name has for devices, instead of its own, which only the connector learns ("initial resolved IP"). */
export class InitialAddresses {
    readonly #addresses = new Map<string, string>();
    #last = 0;

    of(hostname: string): string {
        const known = this.#addresses.get(hostname);
        if (known !== undefined) {
            return known;
        }
        if (this.#last === HIGHEST) {
            this.#addresses.clear();
            this.#last = 0;
        }
        this.#last++;
        const address = `${PREFIX}.${this.#last >> 8}.${this.#last & 0xff}`;
        this.#addresses.set(hostname, address);
        return address;
    }
}
