import { loadEnvironment } from "./config.ts";
import { deploy } from "./deploy.ts";

/** What `pulumi up -s <stack>` deploys: the same composition in every environment, told apart by configuration alone. */
export default async () => deploy(loadEnvironment());
