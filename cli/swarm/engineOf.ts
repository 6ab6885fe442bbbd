import type Docker from "dockerode";
import { connect } from "../../toolchain/docker/index.ts";
import { CommandError, Exit } from "../exit.ts";
import type { Owner } from "./owner.ts";

/** The Docker engine on whose Swarm the stack's labelled services run. @throws CommandError when it does not answer. */
export async function engineOf({
    environment: { dockerHost },
}: {
    environment: Pick<Owner["environment"], "dockerHost">;
}): Promise<Docker> {
    const connection = await connect(dockerHost === undefined ? {} : { host: dockerHost });
    if (connection.state !== "running") {
        throw new CommandError(Exit.failed, `Docker is ${connection.state}`, "run `npx sallyport doctor`");
    }
    return connection.docker;
}
