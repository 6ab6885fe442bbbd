import type Docker from "dockerode";
import {
    type ConnectOptions,
    connect,
    objectsOf,
    removeObjects,
    STACK_LABEL,
} from "../../../toolchain/docker/index.ts";
import type { PropertyMap } from "../../../toolchain/fallback/plugin/provider.ts";

let made = 0;

/** A corner of the real engine: everything that carries its label is gone when it is left, whatever the test did. */
export class Workbench implements AsyncDisposable {
    readonly docker: Docker;
    /** Stands for the Pulumi stack. */
    readonly stack = `test-${process.pid}-${made++}`;
    /** What each resource of a test is given as `labels`. */
    readonly labels: PropertyMap[] = [{ label: STACK_LABEL, value: this.stack }];

    private constructor(docker: Docker) {
        this.docker = docker;
    }

    static async open(options?: ConnectOptions): Promise<Workbench> {
        const connection = await connect(options);
        if (connection.state !== "running") throw new Error(`these tests need Docker, which is ${connection.state}`);
        return new Workbench(connection.docker);
    }

    async [Symbol.asyncDispose](): Promise<void> {
        const containers = await this.docker.listContainers({
            all: true,
            filters: { label: [`${STACK_LABEL}=${this.stack}`] },
        });
        // A service's containers go with the service.
        const own = containers.filter(({ Labels }) => Labels["com.docker.swarm.service.id"] === undefined);
        await Promise.all(own.map(({ Id }) => this.docker.getContainer(Id).remove({ force: true, v: true })));
        await removeObjects(this.docker, await objectsOf(this.docker, this.stack));
        const filters = JSON.stringify({ label: [`${STACK_LABEL}=${this.stack}`] });
        const { Volumes } = await this.docker.listVolumes({ filters });
        await Promise.all((Volumes ?? []).map(({ Name }) => this.docker.getVolume(Name).remove()));
    }
}
