import { PolicyPack } from "@pulumi/policy";

// One rule that looks at nothing: the engine still asks the pack about every resource.
new PolicyPack("empty", {
    policies: [
        { name: "nothing", description: "Judges nothing.", enforcementLevel: "mandatory", validateResource: () => {} },
    ],
});
