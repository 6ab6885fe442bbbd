import { describe, expect, it } from "vitest";
import { tokenSource } from "../../cli/connect/credentials.ts";
import { folder } from "./support/folder.ts";

describe("the service token", () => {
    const token = { clientId: "0123.access", clientSecret: "hush" };

    it("comes from a file that nobody else reads, anew each time", () => {
        using files = folder();
        const file = files.write("ci.json", JSON.stringify(token));
        const read = tokenSource(file, {});
        expect(read()).toEqual(token);
        files.write("ci.json", JSON.stringify({ ...token, clientSecret: "new" }));
        expect(read()?.clientSecret).toBe("new");
    });

    it("is refused from a file that others read, that is missing, or that holds something else, which is not quoted", () => {
        using files = folder();
        const open = files.write("open.json", JSON.stringify(token), 0o640);
        expect(() => tokenSource(open, {})).toThrow(
            `"${open}" can be read by others (mode 640); run: chmod 600 ${open}`,
        );
        expect(() => tokenSource("/nonexistent/ci.json", {})).toThrow("cannot be read: ENOENT");
        const other = files.write("other.json", '"hush"');
        expect(() => tokenSource(other, {})).toThrow(`"${other}" is no service token`);
        expect(() => tokenSource(other, {})).not.toThrow("hush");
    });

    it("comes from the environment, whole or not at all", () => {
        const { clientId, clientSecret } = token;
        expect(
            tokenSource(undefined, { CF_ACCESS_CLIENT_ID: clientId, CF_ACCESS_CLIENT_SECRET: clientSecret })(),
        ).toEqual(token);
        expect(tokenSource(undefined, {})()).toBeUndefined();
        expect(() => tokenSource(undefined, { CF_ACCESS_CLIENT_SECRET: clientSecret })).toThrow(
            "CF_ACCESS_CLIENT_SECRET is set and CF_ACCESS_CLIENT_ID is not",
        );
    });
});
