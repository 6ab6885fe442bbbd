import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";

/** 64 letters and digits are 381 bits: more than any key that is made from them has. */
const LENGTH = 64;

/**
 * A secret text that is made once for each version and kept in the state.
 *
 * Not RandomBytes and not RandomUuid: the provider takes their value for the resource's id, and ids stand in the state in clear.
 */
export function randomText(name: string, version: number, parent: pulumi.Resource): pulumi.Output<string> {
    // A first version without keepers is the same as before versions were counted.
    const keepers = version === 1 ? {} : { keepers: { version: String(version) } };
    const random = new RandomPassword(name, { length: LENGTH, special: false, ...keepers }, { parent });
    return pulumi.secret(random.result);
}
