import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { z } from "zod";
import { defineTable } from "../../store/store.ts";

const fields = {
    name: z
        .string()
        .max(63)
        .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "is not a device name; it takes lower-case letters, digits and -"),
    email: z.email("is not an e-mail address").toLowerCase(),
    person: z.string().min(1),
    groups: z.array(z.string().min(1)),
    country: z.string().regex(/^[A-Z]{2}$/, "is not a country code; write two capital letters, for example FR"),
    ip: z.string().refine((text) => isIP(text) !== 0, "is not an IP address"),
    os: z.enum(["windows", "mac", "linux", "android", "ios", "chromeos"]),
    passed: z.array(z.uuid("is not the id of a posture rule")),
    virtual_network_id: z.uuid(),
};

/** What a device is registered with. What is left out cannot be known of it, but for lists, which are empty then. */
export const deviceRegistration = z.strictObject({
    name: fields.name,
    email: fields.email,
    person: fields.person.optional(),
    groups: fields.groups.default([]),
    country: fields.country.optional(),
    ip: fields.ip.optional(),
    os: fields.os.optional(),
    passed: fields.passed.default([]),
    virtual_network_id: fields.virtual_network_id.optional(),
});

/** What can change of a device; the rest stays. */
export const deviceChange = z.strictObject({
    groups: fields.groups.optional(),
    country: fields.country.optional(),
    ip: fields.ip.optional(),
    passed: fields.passed.optional(),
    virtual_network_id: fields.virtual_network_id.optional(),
});

/**
 * A device with Cloudflare's client, as it stands in for one here: somebody's, registered through the emulator's own interface. Cloudflare has
 * no such call, devices enrol themselves.
 */
export interface Device {
    /** What it logs in with; unique in the account. */
    readonly name: string;
    /** Whose it is, in lower case. */
    readonly email: string;
    /** The owner's name. */
    readonly person?: string | undefined;
    /** Names, ids or addresses of the owner's groups. */
    readonly groups: readonly string[];
    /** ISO 3166-1 alpha-2 code of where it is. */
    readonly country?: string | undefined;
    /** Its address on the Internet. */
    readonly ip?: string | undefined;
    readonly os?: string | undefined;
    /** Ids of the posture rules that it passes. */
    readonly passed: readonly string[];
    /** The virtual network that its owner chose; the account's default one if undefined. */
    readonly virtual_network_id?: string | undefined;
}

/** A device as it is kept. The row's id is its name. */
export interface DeviceRow extends Device {
    readonly id: string;
    /** SHA-256 of its secret, hexadecimal: the secret is random, so that nothing slower is needed. */
    readonly secret_digest: string;
}

export const devices = defineTable<DeviceRow>("devices");

export function newDeviceSecret(): { secret: string; digest: string } {
    const secret = randomBytes(24).toString("base64url");
    return { secret, digest: hash("sha256", secret) };
}

/** Takes as long for a wrong secret as for the right one. */
export function hasSecret({ secret_digest }: DeviceRow, secret: string): boolean {
    return timingSafeEqual(Buffer.from(hash("sha256", secret)), Buffer.from(secret_digest));
}
