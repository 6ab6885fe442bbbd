import { cloudflareApiToken, loadExposure } from "../config.ts";
import { deployExposure } from "./deploy.ts";

// As in the stacks' own program: without source maps a run is shorter, and its lines are right as they are.
Reflect.deleteProperty(Error, "prepareStackTrace");

/** What runs in the small stack of one labelled service; `sallyport swarm` writes its stack file. */
export default async () => {
    const { environment, exposure } = loadExposure();
    return deployExposure(environment, exposure, cloudflareApiToken());
};
