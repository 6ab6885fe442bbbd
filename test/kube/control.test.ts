import { createHash } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { thisProcess } from "../../cli/kube/kubeconfig/lock.ts";
import type { SessionCluster } from "../../cli/kube/session/cluster.ts";
import { askSession, serveSession } from "../../cli/kube/session/control.ts";
import { Ask } from "../../cli/kube/session/messages.ts";
import { announceSession, runningSessions, socketOf } from "../../cli/kube/session/records.ts";
import { KubeSession } from "../../cli/kube/session/session.ts";
import { dead, workspace } from "./support/workspace.ts";

const cluster: SessionCluster = {
    name: "orders",
    hostname: "orders.invalid",
    server: "https://10.0.0.1:6443",
    context: { user: "" },
};

/** A session whose cloudflared ends at once, with the folder that it works in. */
function home() {
    const space = workspace();
    vi.stubEnv("SALLYPORT_HOME", space.folder);
    vi.stubEnv("HOME", space.folder);
    const changes = vi.fn();
    const kubeconfigs = space.kubeconfigs();
    const session = new KubeSession({ executable: "/bin/false", kubeconfigs, onChange: changes });
    return {
        ...space,
        session,
        async [Symbol.asyncDispose]() {
            await session[Symbol.asyncDispose]();
            space[Symbol.dispose]();
        },
    };
}

describe("a session", () => {
    it("opens and closes clusters as other commands ask it to, and tells when the last is closed", async () => {
        await using here = home();
        const self = thisProcess();
        const last = vi.fn();
        await using _served = await serveSession(here.session, self, last);
        const kubeconfig = here.path("config");
        const opened = await askSession(self, Ask.Open, { clusters: [cluster], kubeconfig, token: {} });
        expect(opened).toMatchObject([{ name: "orders", state: "connecting" }]);
        expect(here.read("config")).toContain(`socks5://127.0.0.1:${opened[0]?.port}`);
        expect(await askSession(self, Ask.Close, { names: ["other"] })).toHaveLength(1);
        expect(last).not.toHaveBeenCalled();
        expect(await askSession(self, Ask.Close, { names: ["orders"] })).toEqual([]);
        expect(here.read("config")).toBeUndefined();
        await vi.waitFor(() => expect(last).toHaveBeenCalledOnce());
    });

    it("opens nothing where the kubeconfig cannot be changed, and says so to whoever asked", async () => {
        await using here = home();
        const self = thisProcess();
        await using _served = await serveSession(here.session, self, () => {});
        const kubeconfig = here.write("config", "clusters: []\n", 0o400);
        const asked = askSession(self, Ask.Open, { clusters: [cluster], kubeconfig, token: {} });
        await expect(asked).rejects.toMatchObject({ exit: 2, message: `${kubeconfig} is read-only` });
        expect(here.session.views).toEqual([]);
        expect(here.read("config")).toBe("clusters: []\n");
    });

    it("has the same port for a cluster each time", async () => {
        const ports: (number | undefined)[] = [];
        for (let time = 0; time < 2; time++) {
            await using here = home();
            await here.session.open([cluster], here.path("config"), () => undefined);
            ports.push(here.session.views[0]?.port);
        }
        expect(ports[0]).toBeGreaterThanOrEqual(22_000);
        expect(ports[1]).toBe(ports[0]);
    });

    it("is found while it runs, and cleared away when it was killed", async () => {
        await using here = home();
        const self = thisProcess();
        using _known = announceSession(self, true);
        announceSession(dead, false);
        expect(runningSessions()).toEqual([{ version: 1, ...self, background: true }]);
        expect(here.read(`kube/sessions/${dead.pid}.json`)).toBeUndefined();
    });

    it("says where its socket's path is too long for the system", async () => {
        await using here = home();
        vi.stubEnv("SALLYPORT_HOME", `${here.folder}/${createHash("sha512").update("x").digest("hex")}`);
        const served = serveSession(here.session, thisProcess(), () => {});
        await expect(served).rejects.toMatchObject({
            exit: 2,
            message: `${socketOf(thisProcess())} is too long for a socket's path`,
        });
    });
});
