import { containerLaunch, serviceLaunch } from "../../containers.ts";
import type { Finding, Resource, ResourceRule } from "../../rule.ts";
import { stackOf } from "../../stackName.ts";
import { Token } from "../../tokens.ts";
import { at, knownItems, shown, text } from "../../values.ts";

/** `sha256:…` alone is the id of an image, which names its content as well. */
const DIGEST = /(^|@)sha256:[0-9a-f]{64}$/;

const PRODUCTION = ["prod", "production"];

/**
 * A tag is moved by whoever may push to the registry: the next restart of a task runs other code than the one that was tried, without a
 * preview. A digest names the content.
 */
export const imageHasDigest: ResourceRule = {
    name: "image-has-digest",
    description: "In production an image is named by its digest, so that what runs is what was tried.",
    severity: "medium",
    remediationSteps:
        "Write `<image>:<tag>@sha256:<digest>`; `sallyport pin <stack>` looks the digests of a stack file up and writes them there.",
    configSchema: {
        stacks: {
            description: "Names of the stacks whose images need a digest.",
            type: "array",
            items: { type: "string" },
            default: PRODUCTION,
        },
    },
    type: [Token.service, Token.container, Token.remoteImage],
    judge: (resource, config): Finding[] => {
        if (!knownItems(config.stacks ?? PRODUCTION).includes(stackOf(resource.urn))) return [];
        const { subject, image } = imageOf(resource);
        if (image === undefined || DIGEST.test(image)) return [];
        return [
            {
                wrong: `${subject} runs the image ${shown(image)}, whose content may change under its name.`,
                instead: `Write \`${image}@sha256:<digest>\`; \`sallyport pin\` looks it up.`,
            },
        ];
    },
};

function imageOf(resource: Resource): { subject: string; image: string | undefined } {
    const { type, name, props } = resource;
    if (type === Token.service) return serviceLaunch(resource);
    if (type === Token.container) return containerLaunch(resource);
    // One that is built here has the digest of what it is built from.
    const image = at(props, "build") === undefined ? text(at(props, "name")) : undefined;
    return { subject: `Image '${name}'`, image };
}
