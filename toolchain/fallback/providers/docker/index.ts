/**
 * Stands in for pulumi-docker: Swarm services, their networks, secrets and configs, containers, volumes and pulled images, through
 * dockerode. Left out: `Image`, `Tag`, `RegistryImage`, `Plugin` and the functions, which no stack here uses.
 */
import npmPackage from "@pulumi/docker/package.json" with { type: "json" };
import type { ResourceProvider } from "../../plugin/provider.ts";
import { containerHandler } from "./container/index.ts";
import { checkEngineConfig, Engine } from "./engine.ts";
import { networkHandler } from "./network.ts";
import { remoteImageHandler } from "./remoteImage.ts";
import { secretHandler } from "./secret.ts";
import { serviceHandler } from "./service/index.ts";
import { serviceConfigHandler } from "./serviceConfig.ts";
import { volumeHandler } from "./volume.ts";

/** A provider of its own connection. */
export function dockerProvider(): ResourceProvider {
    const engine = new Engine();
    return {
        name: "docker",
        version: npmPackage.version,
        resources: {
            "docker:index/container:Container": containerHandler(engine),
            "docker:index/network:Network": networkHandler(engine),
            "docker:index/remoteImage:RemoteImage": remoteImageHandler(engine),
            "docker:index/secret:Secret": secretHandler(engine),
            "docker:index/service:Service": serviceHandler(engine),
            "docker:index/serviceConfig:ServiceConfig": serviceConfigHandler(engine),
            "docker:index/volume:Volume": volumeHandler(engine),
        },
        secretConfig: ["registryAuth"],
        replaceOnConfigChange: ["host"],
        checkConfig: checkEngineConfig,
        configure: (config, host) => engine.configure(config, host),
    };
}

export const createProvider = dockerProvider;
