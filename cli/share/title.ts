import { randomBytes } from "node:crypto";

/** How everything that a share makes in the account is called: who made it, what for, and when it ends. */
export const TITLE_PREFIX = "sallyport-share-";
const TITLE = /^sallyport-share-[a-z0-9-]+-[0-9a-f]{8}-until-(\d{4})(\d{2})(\d{2})t(\d{2})(\d{2})(\d{2})z$/;

/** DNS comments hold no more than 100 characters, so of a long label only the beginning is told. */
const LABEL_LENGTH = 40;

/**
 * A name for a share's objects. It is known before any of them is made and no two shares have the same, so that what a crash leaves is
 * found without an id; and the end stands in it, so that anybody can tell what is over.
 */
export function newTitle(hostname: string, until: Date): string {
    const stamp = until.toISOString().replace(/\.\d+/, "").replaceAll(/[-:]/g, "").toLowerCase();
    const label = hostname.split(".")[0]?.slice(0, LABEL_LENGTH);
    return `${TITLE_PREFIX}${label}-${randomBytes(4).toString("hex")}-until-${stamp}`;
}

export const isShareTitle = (name: string): boolean => TITLE.test(name);

/** When the share of that name ends, or ended. */
export function endOf(title: string): Date | undefined {
    const [, ...parts] = TITLE.exec(title) ?? [];
    const [year, month, day, hour, minute, second] = parts.map(Number);
    return parts.length === 0 ? undefined : new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second));
}
