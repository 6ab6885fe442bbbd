import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getAsset, getRawAsset } from "node:sea";
import { ToolError } from "../../toolchain/errors.ts";
import { findInstalled, install, type Source } from "../../toolchain/store.ts";
import { TOOLS, type ToolName } from "../../toolchain/tools.ts";
import { CLOUDFLARED, CLOUDFLARED_SOURCE } from "../assets.ts";

type Original = typeof import("../../toolchain/ensureTool.ts");

/** The single file carries cloudflared; it is unpacked once, to where the toolchain would install it. */
export const ensureTool: Original["ensureTool"] = async (name, { progress }) => {
    const tool = TOOLS[name];
    const found = await findInstalled(tool);
    if (found !== undefined) return found;
    if (name !== "cloudflared") {
        throw new ToolError(
            `${name} is not installed, and this program does not bring it`,
            "Run: npx sallyport doctor",
        );
    }
    return install(tool, progress, async (folder) => {
        const path = join(folder, name);
        await writeFile(path, new Uint8Array(getRawAsset(CLOUDFLARED)));
        await chmod(path, 0o755);
        return getAsset(CLOUDFLARED_SOURCE, "utf8") as Source;
    });
};

export const findTool: Original["findTool"] = (name: ToolName) => findInstalled(TOOLS[name]);
