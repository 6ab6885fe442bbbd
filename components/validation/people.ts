import ipaddr from "ipaddr.js";
import { hostnameProblem } from "./hostnames.ts";

const EMAIL = /^[^\s@"(),:;<>[\\\]*]+@([^\s@]+)$/;

/** Domains where anybody can get an address: letting one in lets everybody in. */
const PUBLIC_MAIL = new Set(
    (
        "163.com aol.com gmail.com gmx.com gmx.de gmx.net googlemail.com hotmail.com icloud.com live.com mail.com mail.ru " +
        "me.com msn.com outlook.com pm.me proton.me protonmail.com qq.com web.de yahoo.com yandex.com yandex.ru zoho.com"
    ).split(" "),
);

/** Says what is wrong with the e-mail address of a person, or nothing. Case does not matter: Access compares in lower case. */
export function emailProblem(email: string): string | undefined {
    const quoted = JSON.stringify(email);
    const lower = email.toLowerCase();
    if (/^\*?@/.test(lower)) {
        return `${quoted} names a whole domain. Write ${JSON.stringify(lower.replace(/^\*?@/, ""))} under "emailDomains".`;
    }
    const domain = EMAIL.exec(lower)?.[1];
    if (domain === undefined || hostnameProblem(domain, { wildcard: false }) !== undefined) {
        return `${quoted} is not an e-mail address. Write one such as "ada@example.com".`;
    }
    return undefined;
}

/**
 * Says what is wrong with a domain whose every address is let in, or nothing.
 *
 * Providers of free mail are refused: whoever opens an account there would be let in.
 */
export function emailDomainProblem(domain: string): string | undefined {
    const quoted = JSON.stringify(domain);
    const lower = domain.toLowerCase();
    if (lower.includes("@")) {
        const bare = lower.slice(lower.lastIndexOf("@") + 1);
        return `${quoted} contains "@". Write ${bare === "" ? "the domain alone" : JSON.stringify(bare)}.`;
    }
    if (PUBLIC_MAIL.has(lower)) return `${quoted} gives addresses to anybody. Name the people one by one instead.`;
    return hostnameProblem(lower, { wildcard: false });
}

/** Says what is wrong with an IP address or a CIDR range from which people may come, or nothing. */
export function ipRangeProblem(range: string): string | undefined {
    const quoted = JSON.stringify(range);
    const cidr = toCidr(range);
    if (cidr === undefined)
        return `${quoted} is neither an IP address nor a CIDR range. Write one such as "203.0.113.0/24".`;
    if (cidr.endsWith("/0")) return `${quoted} is every address. Write the range that people come from.`;
    const network = ipaddr.parse(networkOf(cidr));
    const written = ipaddr.parse(cidr.slice(0, cidr.lastIndexOf("/")));
    if (network.toNormalizedString() !== written.toNormalizedString()) {
        return `${quoted} has bits set beyond its prefix. Write ${JSON.stringify(normaliseIpRange(range))}.`;
    }
    return undefined;
}

/**
 * A range in the form in which the API returns it: always with a prefix, IPv6 in short lower case.
 *
 * Cloudflare answers `/32` and `/128` where a bare address was sent, which would be drift at every refresh
 * (cloudflare/terraform-provider-cloudflare#6059).
 */
export function normaliseIpRange(range: string): string {
    const cidr = toCidr(range);
    if (cidr === undefined) return range;
    const prefix = cidr.slice(cidr.lastIndexOf("/") + 1);
    return `${ipaddr.parse(networkOf(cidr)).toString()}/${prefix}`;
}

/** Says what is wrong with a country code (ISO 3166-1 alpha-2, upper case), or nothing. */
export function countryProblem(country: string): string | undefined {
    const quoted = JSON.stringify(country);
    if (country === "UK") return `${quoted} is not an ISO code. Write "GB".`;
    const upper = country.toUpperCase();
    if (!/^[A-Z]{2}$/.test(upper) || NOT_COUNTRIES.has(upper) || regions.of(upper) === undefined) {
        return `${quoted} is not a country. Write its two-letter ISO code, such as "CH".`;
    }
    return country === country.toUpperCase()
        ? undefined
        : `${quoted} is in lower case. Write "${country.toUpperCase()}".`;
}

/** Codes that ICU knows as regions and that are not countries. */
const NOT_COUNTRIES = new Set(["EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"]);

const regions = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });

/** Four-part IPv4 or IPv6, with a prefix. `ipaddr.js` would also take `10.1` and octal octets, which Cloudflare does not. */
function toCidr(range: string): string | undefined {
    if (ipaddr.IPv4.isValidFourPartDecimal(range)) return `${range}/32`;
    if (ipaddr.IPv6.isValid(range) && !range.includes("%")) return `${range}/128`;
    const address = range.slice(0, Math.max(range.lastIndexOf("/"), 0));
    const fourPart = ipaddr.IPv4.isValidFourPartDecimal(address) && ipaddr.IPv4.isValidCIDR(range);
    const six = !address.includes("%") && ipaddr.IPv6.isValidCIDR(range);
    return fourPart || six ? range : undefined;
}

function networkOf(cidr: string): string {
    const family = cidr.includes(":") ? ipaddr.IPv6 : ipaddr.IPv4;
    return family.networkAddressFromCIDR(cidr).toString();
}
