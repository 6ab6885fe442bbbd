import { createHash } from "node:crypto";
import { stringify } from "yaml";
import type { ExposureConfig } from "../../stacks/config/exposure.ts";
import type { LabelledService } from "../../stacks/labels.ts";
import { localFiles } from "../local/files.ts";
import type { Owner } from "./owner.ts";

/** Everything that decides what the small stack of a service declares: the same text makes the same stack. */
export interface ExposureFile {
    /** Text of its stack file. There is no secret in it. */
    text: string;
    /** SHA-256 of all that the stack is made from, in hexadecimal digits. */
    digest: string;
}

/** The stack file for one labelled service. */
export function exposureFile(
    { environment, rules, zoneId, policyIds, originCa }: Owner,
    service: LabelledService,
): ExposureFile {
    const { stack, accountId, zone, team, connector, dockerHost, emulator } = environment;
    const exposure: ExposureConfig = {
        owner: stack,
        service,
        rules,
        policyIds,
        ...(originCa === undefined ? {} : { originCa }),
    };
    const text = stringify({
        config: {
            "sallyport:accountId": accountId,
            "sallyport:zone": zone.name,
            "sallyport:zoneId": zoneId,
            "sallyport:team": team,
            "sallyport:connector": connector,
            ...(dockerHost === undefined ? {} : { "sallyport:dockerHost": dockerHost }),
            ...(emulator === undefined ? {} : { "sallyport:emulator": localFiles.emulator }),
            "sallyport:exposure": exposure,
        },
    });
    // The emulator's file is named in the text, and what it says counts as well.
    const hash = createHash("sha256")
        .update(text)
        .update(JSON.stringify(emulator ?? null));
    return { text, digest: hash.digest("hex") };
}
