import { needsProject } from "./needsProject.ts";

export const verdictsAs: typeof import("../../cli/kube/verdictAs.ts").verdictsAs = async () => {
    throw needsProject("other people's policies", "leave --as out, or ask there: npx sallyport kube ls --as PERSON");
};
