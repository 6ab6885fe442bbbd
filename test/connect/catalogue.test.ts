import { describe, expect, it } from "vitest";
import { readCatalogue } from "../../cli/connect/catalogue.ts";
import { catalogueOfStack } from "../../cli/connect/environment.ts";
import { sallyport } from "../support/cli.ts";
import { folder } from "./support/folder.ts";

describe("a catalogue", () => {
    it("is what a stack prints", async () => {
        using files = folder();
        const printed = await sallyport(["connect", "--stack", "staging", "--write-catalogue"]);
        expect(printed.exitCode).toBe(0);
        const read = readCatalogue(files.write("apps.json", String(printed.stdout)));
        expect(read).toEqual(await catalogueOfStack("staging"));
    });

    it("finds the edge's certificate from its own folder on", () => {
        using files = folder();
        const edge = { address: "127.0.0.1:8443", caFile: "ca.pem" };
        const file = files.write("apps.json", JSON.stringify({ version: 1, apps: [], edge }));
        expect(readCatalogue(file).edge?.caFile).toBe(file.replace("apps.json", "ca.pem"));
    });

    it("tells every mistake with its path", () => {
        using files = folder();
        const apps = [{ name: "", hostname: "https://db", protocol: "oracle", service: "tcp://postgres:5432" }];
        const edge = { address: "192.0.2.1:443", caFile: "ca.pem" };
        const file = files.write("apps.json", JSON.stringify({ version: 2, apps, edge }));
        const lines = () => {
            try {
                readCatalogue(file);
                return [];
            } catch (error) {
                return (error as Error).message.split("\n").map((line) => line.slice(`--catalogue ${file}: `.length));
            }
        };
        expect(lines()).toEqual([
            'version is not 1, the only version there is; write "version": 1',
            "apps[0].name is empty; write the name that people type",
            'apps[0].hostname is not a host name in lower case, such as "db.example.com"',
            expect.stringContaining("apps[0].protocol "),
            expect.stringContaining("apps[0] "),
            'edge.address is not on loopback; write such as "127.0.0.1:8443"',
        ]);
        expect(() => readCatalogue("/nonexistent/apps.json")).toThrow("--write-catalogue");
    });
});
