import { describe, expect, it, vi } from "vitest";
import type { LocalRequest } from "../../cli/local/requests.ts";
import { printRequests } from "../../cli/ui/requestTable.ts";

const refused: LocalRequest = {
    ...{ time: "2026-01-01T12:00:00.000Z", method: "GET", path: "/", status: 403, verdict: "refused" },
    ...{ who: "eve@example.com", rule: 'app "Demo", policy "staff": no rule of include matched' },
};
const unanswered: LocalRequest = {
    ...{ time: "2026-01-01T12:00:01.000Z", method: "POST", path: "/form", status: 530, verdict: "allowed" },
    ...{ problem: "Cloudflare Tunnel error", rule: 'app "Demo", policy "open" (Bypass): include everyone matched' },
};

function printed(hostnames: Parameters<typeof printRequests>[0]): string {
    const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    printRequests(hostnames);
    const text = write.mock.calls.map(([chunk]) => String(chunk)).join("");
    write.mockRestore();
    return text;
}

describe("the last requests, as a table", () => {
    it("say of each what became of it, whose it was, which rule decided, and why no answer came", () => {
        const lines = printed([{ hostname: "demo.localhost", requests: [refused, unanswered] }]).split("\n");
        expect(lines[1]).toMatch(
            /^\d\d:\d\d:\d\d +demo\.localhost +GET \/ +403 +refused eve@example\.com +app "Demo", policy "staff": no rule/,
        );
        expect(lines[2]).toMatch(/POST \/form +530 Cloudflare Tunnel error +allowed +app "Demo", policy "open"/);
    });

    it("are there once where several apps share a hostname, and not at all where there were none", () => {
        const twice = printed(["/a", "/b"].map(() => ({ hostname: "demo.localhost", requests: [refused] })));
        expect(twice.match(/403/g)).toHaveLength(1);
        expect(printed([{ hostname: "demo.localhost", requests: [] }])).toBe("");
    });
});
