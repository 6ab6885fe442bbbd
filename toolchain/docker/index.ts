export { type Host, inspectHost } from "../host.ts";
export { dockerError, type Unreachable } from "./advice.ts";
export { type ConnectOptions, connect, type DockerConnection, dockerAt, type RunningDocker } from "./connection.ts";
export { type EnsureDockerOptions, ensureDocker } from "./ensure.ts";
export { GATEWAY_BRIDGE, type HostGateway, hostGateway } from "./gateway.ts";
export { type BinarySource, type EnsureImagesOptions, ensureImages, type Images } from "./images.ts";
export {
    type DockerObject,
    type DockerServiceObject,
    objectsExcept,
    objectsOf,
    removeObjects,
    STACK_LABEL,
    type StackObjects,
    stopServices,
} from "./objects.ts";
export { ImageName } from "./recipes.ts";
export { ensureSwarm, type SwarmNode } from "./swarm.ts";
