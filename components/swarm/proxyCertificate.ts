/** Days for which the certificate of an exposure's proxy is left as it is, at least: 366. */
const RENEWAL_DAYS = 180;

/** Before its last year the certificate is not made anew, so that two renewals always fall into its last 455 days. */
export const PROXY_RENEWAL_HOURS = 365 * 24;

const PERIOD_MS = RENEWAL_DAYS * 86_400_000;

/**
 * The number of half-years in which an exposure with a proxy is to be deployed anew, whether anything changed or not: nobody else would renew the
 * proxy's certificate. Each exposure has its own turn of the half-year, so that not all come at once.
 *
 * @param exposure its name, which ends with a digest.
 * @param now milliseconds since 1970.
 */
export function proxyPeriod(exposure: string, now: number): number {
    const turn = Number.parseInt(exposure.slice(-8), 16) / 0x1_0000_0000;
    return Math.floor(now / PERIOD_MS + turn);
}
