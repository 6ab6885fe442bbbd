import { PolicyPack } from "@pulumi/policy";
import { toPolicy } from "./policies.ts";
import { rules } from "./rules/index.ts";

// The constructor starts the pack's server, so no other module constructs a pack and none but `main.js` imports this
// one.
new PolicyPack("sallyport", {
    displayName: "Sallyport",
    description: "Nothing listens for inbound traffic, and nothing is public without Cloudflare Access.",
    enforcementLevel: "mandatory",
    policies: rules.map((rule) => toPolicy(rule)),
});
