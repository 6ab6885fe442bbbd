import * as pulumi from "@pulumi/pulumi";
import { exposures, safe } from "../../../policy/corpus/index.ts";

/** A resource whose output nobody knows before the update. */
class Seed extends pulumi.CustomResource {
    declare readonly made: pulumi.Output<string>;

    constructor(name: string) {
        super("corpus:index:Seed", name, { made: undefined });
    }
}

/** A resource of any package, as its own class would declare it. */
class Anything extends pulumi.CustomResource {}

const { made } = new Seed("seed");
for (const [index, { type, parent, name, props }] of [...exposures, ...safe].entries()) {
    // Every second one is kept secret, and each has something beside it that a preview does not know.
    const kept = index % 2 === 0 ? props : pulumi.secret(props);
    const inputs = Object.keys(props).map((key) => [key, pulumi.output(kept).apply((all) => all[key])]);
    const opts = parent === undefined ? {} : { parent: new pulumi.ComponentResource(parent, `${name}-parent`) };
    new Anything(type, name, { ...Object.fromEntries(inputs), somethingElse: made }, opts);
}
