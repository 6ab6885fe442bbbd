/** Requests and answers of the provider protocol, as the handlers have them. */
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { structPb } from "./protobuf.ts";
import type { CheckFailure, CheckRequest, DiffResult, PropertyChange } from "./provider.ts";
import { decodeMap, type PropertyMap, type WireMap } from "./values.ts";

type Struct = import("google-protobuf/google/protobuf/struct_pb.js").Struct;

export function identity(request: { getUrn(): string; getName(): string; getType(): string }) {
    return { urn: request.getUrn(), name: request.getName(), type: request.getType() };
}

export function read(struct: Struct | undefined): { values: PropertyMap; wire: WireMap } {
    const wire = (struct?.toJavaScript() ?? {}) as WireMap;
    return { values: decodeMap(wire), wire };
}

export function write(wire: WireMap): Struct {
    return structPb.Struct.fromJavaScript(wire);
}

const AUTONAMING_MODES = ["propose", "enforce", "disable"] as const;

export function checkRequest(request: pb.CheckRequest): CheckRequest {
    const olds = request.getOlds();
    const oldInputs = olds === undefined || olds.getFieldsMap().getLength() === 0 ? undefined : read(olds).values;
    const autonaming = request.getAutonaming();
    return {
        ...identity(request),
        oldInputs,
        inputs: read(request.getNews()).values,
        randomSeed: request.getRandomseed_asU8(),
        ...(autonaming && {
            autonaming: {
                proposedName: autonaming.getProposedName(),
                mode: AUTONAMING_MODES[autonaming.getMode()] ?? "propose",
            },
        }),
    };
}

export function checkResponse(inputs: WireMap, failures: readonly CheckFailure[]): pb.CheckResponse {
    const response = new pb.CheckResponse();
    response.setInputs(write(inputs));
    response.setFailuresList(
        failures.map(({ property, reason }) => {
            const failure = new pb.CheckFailure();
            failure.setProperty(property);
            failure.setReason(reason);
            return failure;
        }),
    );
    return response;
}

const KINDS = {
    add: [pb.PropertyDiff.Kind.ADD, pb.PropertyDiff.Kind.ADD_REPLACE],
    delete: [pb.PropertyDiff.Kind.DELETE, pb.PropertyDiff.Kind.DELETE_REPLACE],
    update: [pb.PropertyDiff.Kind.UPDATE, pb.PropertyDiff.Kind.UPDATE_REPLACE],
} as const satisfies Record<PropertyChange["kind"], readonly [pb.PropertyDiff.Kind, pb.PropertyDiff.Kind]>;

export function diffResponse({ changes, deleteBeforeReplace = false }: DiffResult): pb.DiffResponse {
    const response = new pb.DiffResponse();
    const changed = Object.entries(changes);
    const { DIFF_SOME, DIFF_NONE } = pb.DiffResponse.DiffChanges;
    response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setDiffsList(topLevelKeys(changed));
    response.setReplacesList(topLevelKeys(changed.filter(([, change]) => change.replaces)));
    response.setDeletebeforereplace(deleteBeforeReplace);
    response.setHasdetaileddiff(true);
    for (const [path, change] of changed) {
        const diff = new pb.PropertyDiff();
        diff.setKind(KINDS[change.kind][change.replaces ? 1 : 0]);
        diff.setInputdiff(change.input ?? true);
        response.getDetaileddiffMap().set(path, diff);
    }
    return response;
}

function topLevelKeys(changes: readonly (readonly [path: string, change: PropertyChange])[]): string[] {
    return [...new Set(changes.map(([path]) => path.replace(/[.[].*$/s, "")))];
}
