import { describe, expect, it } from "vitest";
import { LEAF_HOURS } from "../../components/proxy/mkcertProfile.ts";
import { exposureName } from "../../components/swarm/exposureName.ts";
import { PROXY_RENEWAL_HOURS, proxyPeriod } from "../../components/swarm/proxyCertificate.ts";

const DAY_MS = 86_400_000;

describe("the certificate of an exposure's proxy", () => {
    it("never ends while it is used: a deployment that renews it always falls into the time before", () => {
        const name = exposureName("shop_web");
        const renewableFor = PROXY_RENEWAL_HOURS / 24;
        for (let issued = 0; issued < 200; issued++) {
            const days = Array.from({ length: LEAF_HOURS / 24 }, (_, day) => issued + day);
            const deployments = days.filter(
                (day) => proxyPeriod(name, day * DAY_MS) !== proxyPeriod(name, (day - 1) * DAY_MS),
            );
            const inTime = deployments.filter((day) => issued + LEAF_HOURS / 24 - day <= renewableFor);
            expect(inTime.length).toBeGreaterThanOrEqual(2);
        }
    });

    it("is not renewed for all services on the same day", () => {
        const turns = Array.from({ length: 100 }, (_, index) => exposureName(`web${index}`)).map((name) =>
            [...Array(180).keys()].find((day) => proxyPeriod(name, day * DAY_MS) !== proxyPeriod(name, 0)),
        );
        expect(new Set(turns).size).toBeGreaterThan(50);
    });
});
