import { Buffer } from "node:buffer";
import { at, text } from "../../values.ts";
import type { Check, Checks, Opening } from "../opening.ts";
import { publishingWords } from "./commandLine.ts";
import { composeOpenings } from "./compose.ts";

const INSTEAD =
    "Declare the container as a `docker.Service` or `docker.Container` without ports, and put a tunnel connector on its network.";

/** A check for properties that hold a script, some of them in base64. */
function scripts(plain: readonly string[], encoded: readonly string[] = []): Check {
    return (props) => [
        ...plain.flatMap((property) => openings(property, text(at(props, property)))),
        ...encoded.flatMap((property) => openings(property, decoded(text(at(props, property))))),
    ];
}

function decoded(base64: string | undefined): string | undefined {
    return base64 === undefined ? undefined : Buffer.from(base64, "base64").toString("utf8");
}

function openings(property: string, script: string | undefined): readonly Opening[] {
    if (script === undefined) return [];
    const ports = publishingWords(script).map((words) => `opens ports by \`${words}\``);
    return [...ports, ...composeOpenings(script)].map((does) => ({
        does: `${does} (in \`${property}\`)`,
        instead: INSTEAD,
    }));
}

const command = scripts(["create", "update", "stdin"]);

/**
 * Resources that run a script, by the schemas of `@pulumi/command` 4.5, `@pulumi/aws` 7.48, `@pulumi/gcp` 9.37,
 * `@pulumi/azure` 6.40, `@pulumi/hcloud` 1.41, `@pulumi/digitalocean` 4.80, `@ediri/vultr` 2.21 and
 * `@pulumiverse/scaleway` 1.54.
 */
export const scriptsOfResources: Checks = {
    "command:local:Command": command,
    "command:remote:Command": command,
    "aws:ec2/instance:Instance": scripts(["userData"], ["userDataBase64"]),
    "aws:ec2/launchTemplate:LaunchTemplate": scripts([], ["userData"]),
    "gcp:compute/instance:Instance": scripts(["metadataStartupScript"]),
    "gcp:compute/instanceTemplate:InstanceTemplate": scripts(["metadataStartupScript"]),
    "azure:compute/linuxVirtualMachine:LinuxVirtualMachine": scripts([], ["customData", "userData"]),
    "hcloud:index/server:Server": scripts(["userData"]),
    "digitalocean:index/droplet:Droplet": scripts(["userData"]),
    "vultr:index/instance:Instance": scripts(["userData"]),
    "scaleway:instance/server:Server": scripts(["cloudInit"]),
    "scaleway:index/instanceServer:InstanceServer": scripts(["cloudInit"]),
};
