import { type Progress, underLock } from "../../toolchain/index.ts";
import { localFiles, makeLocalRoot } from "./files.ts";

/**
 * Changes the local environment while no other command does. Waits for one that is at it, and says for whom.
 *
 * @throws ToolError when this process stood still for so long that another one may have taken over.
 */
export function changingLocal<T>(progress: Progress, body: () => Promise<T>): Promise<T> {
    makeLocalRoot();
    let announced = false;
    const announceOnce: Progress = {
        ...progress,
        detail(text) {
            if (!announced) {
                announced = true;
                progress.step(text);
            }
        },
    };
    return underLock(localFiles.lock, "changing the local environment", announceOnce, body);
}
