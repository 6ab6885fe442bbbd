import { createHash } from "node:crypto";
import { stringify } from "yaml";
import type { ExposureConfig } from "../../stacks/config/exposure.ts";
import { exposuresOf, type LabelledService, type LabelRules, proxyPeriod } from "../../stacks/labels.ts";
import { localFiles } from "../local/files.ts";
import type { Owner } from "./owner.ts";

/** What the small stack of a service is made from. */
export interface ExposureFile {
    /** Text of its stack file. There is no secret in it. */
    text: string;
    /** Digest of everything that decides what the stack declares, which stands in the comments of its records: the same one is the same exposure. */
    revision: string;
}

/** Hexadecimal characters of a revision. */
const REVISION = 10;

/**
 * The stack file for one labelled service.
 *
 * @param now milliseconds since 1970: the revision of a service with a proxy changes twice a year, so that its certificate is renewed.
 */
export function exposureFile(
    { environment, rules, zoneId, policyIds, originCa }: Owner,
    service: LabelledService,
    now = Date.now(),
): ExposureFile {
    const { stack: owner, accountId, zone, team, connector, proxy, dockerHost, emulator } = environment;
    const surroundings = {
        "sallyport:accountId": accountId,
        "sallyport:zone": zone.name,
        "sallyport:zoneId": zoneId,
        "sallyport:team": team,
        "sallyport:connector": connector,
        "sallyport:proxy": proxy,
        ...(dockerHost === undefined ? {} : { "sallyport:dockerHost": dockerHost }),
        ...(emulator === undefined ? {} : { "sallyport:emulator": localFiles.emulator }),
    };
    const told = { owner, service, rules, policyIds, ...(originCa === undefined ? {} : { originCa }) };
    // The emulator's file is only named in there, and what it says counts as well.
    const everything = JSON.stringify([surroundings, told, emulator ?? null, ...renewalOf(service, rules, now)]);
    const revision = createHash("sha256").update(everything).digest("hex").slice(0, REVISION);
    const exposure: ExposureConfig = { ...told, revision };
    return { text: stringify({ config: { ...surroundings, "sallyport:exposure": exposure } }), revision };
}

/** Which renewal of its proxy's certificate the service is at; nothing for one without a proxy. */
function renewalOf(service: LabelledService, rules: LabelRules, now: number): number[] {
    return exposuresOf([service], rules)
        .exposures.filter(({ proxied }) => proxied)
        .map(({ name }) => proxyPeriod(name, now));
}
