/**
 * The well-known protobuf messages, from the copy of `google-protobuf` that `@pulumi/pulumi` itself loads. Its generated
 * messages take no other: when npm nests one version inside `@pulumi/pulumi` and lifts another, the two do not mix.
 */
import { createRequire } from "node:module";

const requireAsPulumi = createRequire(import.meta.resolve("@pulumi/pulumi/package.json"));

export const anyPb: typeof import("google-protobuf/google/protobuf/any_pb.js") = requireAsPulumi(
    "google-protobuf/google/protobuf/any_pb.js",
);
export const emptyPb: typeof import("google-protobuf/google/protobuf/empty_pb.js") = requireAsPulumi(
    "google-protobuf/google/protobuf/empty_pb.js",
);
export const structPb: typeof import("google-protobuf/google/protobuf/struct_pb.js") = requireAsPulumi(
    "google-protobuf/google/protobuf/struct_pb.js",
);
