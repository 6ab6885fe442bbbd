/** `sallyport ca` with the system's real commands, on trust stores in the place of this machine's. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { issue } from "../components/support/issuedCertificates.ts";
import { type CertificateFolder, certificateFolder } from "./support/mkcert.ts";
import { type TrustNamespace, trustNamespace } from "./support/trustNamespace.ts";

const LOCAL = "/usr/local/share/ca-certificates";

let files: CertificateFolder;
let machine: TrustNamespace;
let before: string[];

beforeAll(async () => {
    before = readdirSync(LOCAL);
    files = await certificateFolder();
    machine = await trustNamespace();
    const permitted = { dnsDomains: ["internal"] };
    const issued = await issue({ commonName: "Example root", permitted }, { dnsNames: ["app.internal"] });
    files.write("rootCA.pem", issued.rootPem);
    files.write("leaf.pem", issued.certPem);
    const anyName = await issue({ commonName: "Careless root", algorithm: "ECDSA" }, { dnsNames: ["app.internal"] });
    files.write("careless.pem", anyName.rootPem);
    files.write("carelessLeaf.pem", anyName.certPem);
});
afterAll(async () => {
    await machine?.[Symbol.asyncDispose]();
    files?.[Symbol.dispose]();
});

const file = (name: string) => join(files.path, name);
/** What openssl makes of a leaf with this machine's store alone. */
const verified = async (leaf: string) =>
    (await machine.run("openssl", "verify", "-CApath", "/etc/ssl/certs", file(leaf))).exitCode === 0;
const browserHas = async (name: string) => {
    const { all } = await machine.run("certutil", "-L", "-d", `sql:${machine.browser}`);
    return new RegExp(`^${name} [0-9a-f]{16} +C,, *$`, "m").test(all);
};

describe("sallyport ca", () => {
    it("changes nothing where nobody is there to agree, and shows what it would run", async () => {
        const { exitCode, all } = await machine.sallyport("ca", "install", "--ca", file("rootCA.pem"));
        expect(exitCode).toBe(2);
        expect(all).toMatch(
            /Example root in this machine \(.+\):\n {2}install -m 644 .+\n {2}update-ca-certificates\n/,
        );
        expect(all).toContain("nobody is there to ask");
        expect(await verified("leaf.pem")).toBe(false);
        expect((await machine.sallyport("ca", "ls", "--json")).stdout).toBe("[]");
    });

    it("installs an authority for programs and browsers, once", async () => {
        const install = () => machine.sallyport("ca", "install", "--ca", file("rootCA.pem"), "--yes", "--json");
        const first = await install();
        expect(first.exitCode, first.all).toBe(0);
        const changes = JSON.parse(first.stdout) as { changed: boolean; store: string }[];
        expect(changes.map(({ changed }) => changed)).toEqual([true, true]);
        expect(await verified("leaf.pem")).toBe(true);
        expect(await browserHas("Example root")).toBe(true);

        const second = JSON.parse((await install()).stdout) as { changed: boolean }[];
        expect(second.map(({ changed }) => changed)).toEqual([false, false]);
        const listed = JSON.parse((await machine.sallyport("ca", "ls", "--json")).stdout);
        expect(listed).toMatchObject([{ name: "Example root", from: file("rootCA.pem"), through: "system" }]);
    });

    it("warns of one that may certify any name, and lets only what is named go", async () => {
        const { all } = await machine.sallyport("ca", "install", "--ca", file("careless.pem"), "--yes");
        expect(all).toContain("Careless root may certify any name");
        expect(await verified("carelessLeaf.pem")).toBe(true);

        const { exitCode } = await machine.sallyport("ca", "uninstall", "--ca", file("rootCA.pem"), "--yes");
        expect(exitCode).toBe(0);
        expect([await verified("leaf.pem"), await browserHas("Example root")]).toEqual([false, false]);
        expect([await verified("carelessLeaf.pem"), await browserHas("Careless root")]).toEqual([true, true]);
    });

    it("undoes everything where nothing is named", async () => {
        await machine.sallyport("ca", "uninstall", "--yes");
        expect([await verified("carelessLeaf.pem"), await browserHas("Careless root")]).toEqual([false, false]);
        expect((await machine.sallyport("ca", "ls", "--json")).stdout).toBe("[]");
        expect((await machine.sallyport("ca", "uninstall", "--yes")).exitCode).toBe(0);
    });

    it("does it through the real mkcert on request", async () => {
        const args = ["--ca", file("rootCA.pem"), "--yes"];
        const { exitCode, all } = await machine.sallyport("ca", "install", "--through", "mkcert", ...args);
        expect(exitCode, all).toBe(0);
        expect(await verified("leaf.pem")).toBe(true);
        await machine.sallyport("ca", "uninstall", "--yes");
        expect(await verified("leaf.pem")).toBe(false);
    });

    it("refuses a file without an authority in it", async () => {
        const { exitCode, all } = await machine.sallyport("ca", "install", "--ca", file("leaf.pem"), "--yes");
        expect(exitCode).toBe(2);
        expect(all).toContain("no authority's");
    });

    it("left the machine's own stores as they were", () => {
        expect(readdirSync(LOCAL)).toEqual(before);
    });
});
