import { linkSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { realDisk } from "../../cli/kube/kubeconfig/disk.ts";
import { kubeconfigFiles, writtenFile } from "../../cli/kube/kubeconfig/paths.ts";
import { alive, dead, entriesFor, workspace } from "./support/workspace.ts";

const TEXT = "# mine\ncontexts:\n- name: dev\n  context: {cluster: dev, user: dev}\ncurrent-context: dev\n";

describe("a kubeconfig that is left as it is", () => {
    it.each([
        ["a tab that indents", "clusters:\n\t- name: a\n", "is not YAML that kubectl reads: Tabs"],
        ["broken YAML", "clusters: [", "is not YAML that kubectl reads: Flow sequence"],
        [
            "a key twice, of which kubectl takes none",
            "users: []\nusers: []\n",
            "is not YAML that kubectl reads: Map keys",
        ],
        [
            "several documents",
            "a: 1\n---\nb: 1\n",
            "holds several YAML documents, of which kubectl reads the first alone",
        ],
        ["a list", "- a\n", "is no kubeconfig"],
        [
            "a list that stands elsewhere",
            "x: &x []\nclusters: *x\n",
            '"clusters" is written as something else than a list',
        ],
    ])("because of %s", async (_, text, why) => {
        using space = workspace();
        const file = space.write("config", text);
        const added = space.kubeconfigs().add(file, [entriesFor("a")], alive);
        await expect(added).rejects.toMatchObject({ exit: 2, message: expect.stringContaining(`${file} `) });
        await expect(added).rejects.toThrow(why);
        await expect(added).rejects.toHaveProperty("fix", expect.stringContaining("--own-kubeconfig"));
        expect(space.read("config")).toBe(text);
        expect(space.read("config.lock")).toBeUndefined();
        expect(space.kubeconfigs().contexts()).toEqual([]);
    });

    it("because it is read-only, even for root", async () => {
        using space = workspace();
        const file = space.write("config", TEXT, 0o400);
        await expect(space.kubeconfigs().add(file, [entriesFor("a")], alive)).rejects.toThrow(`${file} is read-only`);
        expect(space.read("config")).toBe(TEXT);
        await space.kubeconfigs().repair();
        expect(space.mode("config")).toBe(0o400);
    });

    it("because a hard link would go on with the old content", async () => {
        using space = workspace();
        const file = space.write("config", TEXT);
        linkSync(file, space.path("other"));
        await expect(space.kubeconfigs().add(file, [entriesFor("a")], alive)).rejects.toThrow("hard link");
        expect(space.read("config")).toBe(TEXT);
    });

    it("because it is no text, whose bytes would not come back", async () => {
        using space = workspace();
        const file = space.write("config", Buffer.from([0x23, 0xff, 0x0a]));
        await expect(space.kubeconfigs().add(file, [entriesFor("a")], alive)).rejects.toThrow("is no text in UTF-8");
    });

    it("because another program holds kubectl's lock, which is told with what to do", async () => {
        using space = workspace();
        const file = space.write("config", TEXT);
        space.write("config.lock", "");
        await expect(space.kubeconfigs().add(file, [entriesFor("a")], alive)).rejects.toMatchObject({
            exit: 3,
            fix: expect.stringContaining(`rm ${file}.lock`),
        });
        expect(space.read("config.lock")).toBe("");
    });
});

describe("a kubeconfig", () => {
    it("is written once the other program has let go of its lock", async () => {
        using space = workspace();
        const file = space.write("config", TEXT);
        space.write("config.lock", "");
        let looks = 0;
        const disk = {
            ...realDisk,
            read(path: string) {
                const content = realDisk.read(path);
                if (path === `${file}.lock` && ++looks === 2) {
                    realDisk.remove(path);
                }
                return content;
            },
        };
        await space.kubeconfigs(disk).add(file, [entriesFor("a")], alive);
        expect(space.read("config")).toContain("sallyport-a");
        expect(space.read("config.lock")).toBeUndefined();
    });

    it("keeps what another program writes between our reading and our writing", async () => {
        using space = workspace();
        const file = space.write("config", TEXT);
        let edits = 0;
        const disk = {
            ...realDisk,
            create(path: string, content: Buffer | string, mode: number) {
                realDisk.create(path, content, mode);
                if (path === `${file}.sallyport` && ++edits <= 2) {
                    space.write("config", `${TEXT}# edit ${edits}\n`);
                }
            },
        };
        await space.kubeconfigs(disk).add(file, [entriesFor("a")], alive);
        expect(space.read("config")).toContain("sallyport-a");
        await space.kubeconfigs().withdraw(() => true);
        expect(space.read("config")).toBe(`${TEXT}# edit 2\n`);
    });

    it("is made where there is none, for its owner alone, and is gone afterwards", async () => {
        using space = workspace();
        const file = space.path(".kube/config");
        await space.kubeconfigs().add(file, [entriesFor("a")], alive);
        expect(space.mode(".kube/config")).toBe(0o600);
        expect(space.read(".kube/config")).toContain("current-context: sallyport-a");
        await space.kubeconfigs().withdraw(() => true);
        expect(space.read(".kube/config")).toBeUndefined();
    });

    it("stays a link, with the mode of what it leads to", async () => {
        using space = workspace();
        const target = space.write("dotfiles/kubeconfig", TEXT, 0o640);
        symlinkSync(target, space.path("config"));
        await space.kubeconfigs().add(space.path("config"), [entriesFor("a")], alive);
        expect(realDisk.realPath(space.path("config"))).toBe(target);
        expect(space.mode("config")).toBe(0o640);
        await space.kubeconfigs().withdraw(() => true);
        expect(space.read("dotfiles/kubeconfig")).toBe(TEXT);
    });

    it("loses the contexts of a process that was killed, and keeps those of one that runs", async () => {
        using space = workspace();
        const file = space.write("config", TEXT);
        await space.kubeconfigs().add(file, [entriesFor("a")], alive);
        await space.kubeconfigs().add(file, [entriesFor("b")], dead);
        await space.kubeconfigs().repair();
        expect(space.kubeconfigs().contexts()).toEqual([{ file, name: "sallyport-a", owner: alive, isCurrent: true }]);
        expect(space.read("config")).not.toContain("sallyport-b");
    });
});

describe("the current context", () => {
    const current = (text: string | undefined) => /^current-context: (.*)$/m.exec(text ?? "")?.[1]?.replaceAll('"', "");

    it("is the cluster that was connected last, then the one before, then the one from before", async () => {
        using space = workspace();
        const file = space.write("config", TEXT);
        const seen: (string | undefined)[] = [];
        for (const cluster of ["a", "b"]) {
            await space.kubeconfigs().add(file, [entriesFor(cluster)], alive);
            seen.push(current(space.read("config")));
        }
        for (const cluster of ["b", "a"]) {
            await space.kubeconfigs().withdraw(({ name }) => name === `sallyport-${cluster}`);
            seen.push(current(space.read("config")));
        }
        expect(seen).toEqual(["sallyport-a", "sallyport-b", "sallyport-a", "dev"]);
    });

    it("is the one that `use` names, and a disconnect of another cluster leaves it", async () => {
        using space = workspace();
        const file = space.write("config", TEXT);
        await space.kubeconfigs().add(file, [entriesFor("a"), entriesFor("b")], alive);
        await space.kubeconfigs().use(file, "sallyport-a");
        await space.kubeconfigs().withdraw(({ name }) => name === "sallyport-b");
        expect(current(space.read("config"))).toBe("sallyport-a");
    });

    it("stays what its owner has chosen meanwhile", async () => {
        using space = workspace();
        const file = space.write("config", TEXT);
        await space.kubeconfigs().add(file, [entriesFor("a"), entriesFor("b")], alive);
        space.write("config", (space.read("config") ?? "").replace(/^current-context: .*$/m, "current-context: mine"));
        await space.kubeconfigs().withdraw(({ name }) => name === "sallyport-b");
        expect(current(space.read("config"))).toBe("mine");
        await space.kubeconfigs().withdraw(() => true);
        expect(space.read("config")).toBe(TEXT.replace("current-context: dev", "current-context: mine"));
    });
});

describe("the file that is written", () => {
    it("is the first of KUBECONFIG that is there, as with kubectl, and its last where none is", () => {
        using space = workspace();
        const there = space.write("b", "");
        const files = kubeconfigFiles({ KUBECONFIG: `${space.path("a")}::${there}:${space.path("c")}:${there}` });
        expect(files).toEqual([space.path("a"), there, space.path("c")]);
        expect(writtenFile(files, realDisk)).toBe(there);
        expect(writtenFile([space.path("a"), space.path("c")], realDisk)).toBe(space.path("c"));
    });

    it("is ~/.kube/config without KUBECONFIG", () => {
        expect(kubeconfigFiles({ HOME: "/home/ada" })).toEqual(["/home/ada/.kube/config"]);
        expect(kubeconfigFiles({ HOME: "/home/ada", KUBECONFIG: "" })).toEqual(["/home/ada/.kube/config"]);
    });
});
