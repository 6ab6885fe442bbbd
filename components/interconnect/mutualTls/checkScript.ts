import { tableOf } from "../host/firewall.ts";

/** What there is to check of a service on one node. */
export interface CheckedFiles {
    name: string;
    firewallFile: string;
    certFile: string;
    keyFile: string;
    /** The service's own authority. */
    authorityFile: string;
}

/**
 * A script that says what of a service is not as it was rendered, a line each, and exits 1 then: the rules that the kernel has are compared with what the
 * same `nft` makes of the file in a network of its own, and the certificate with the authority, the key and this machine's clock.
 */
export function checkScript({ name, firewallFile, certFile, keyFile, authorityFile }: CheckedFiles): string {
    const table = `inet ${tableOf(name)}`;
    return [
        "#!/bin/sh",
        "no=0",
        'say() { echo "$1" >&2; no=1; }',
        `live="$(nft -s list table ${table} 2>&1)"`,
        `rendered="$(unshare --net sh -c 'nft -f ${firewallFile} && nft -s list table ${table}')"`,
        `test "$live" = "$rendered" || say "firewall: the rules in force are not those of ${firewallFile}. Run: nft -f ${firewallFile}"`,
        `verdict="$(openssl verify -partial_chain -trusted ${authorityFile} ${certFile} 2>&1)" ||`,
        `    say "certificate: $(printf %s "$verdict" | sed -n 's/^error [0-9]* at [0-9]* depth lookup: *//p'). Correct the clock ($(date -u +%FT%TZ)), or deploy to renew it."`,
        `openssl x509 -in ${certFile} -noout -checkend 604800 >/dev/null || say "certificate: ends within a week. Deploy to renew it."`,
        `test "$(openssl x509 -in ${certFile} -noout -pubkey)" = "$(openssl pkey -in ${keyFile} -pubout)" ||`,
        `    say "certificate: is not that of ${keyFile}. Put both files in place."`,
        'exit "$no"',
        "",
    ].join("\n");
}
