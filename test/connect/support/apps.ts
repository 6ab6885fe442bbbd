import type { Catalogue } from "../../../cli/connect/catalogue.ts";
import { type WantedApp, wantedApps } from "../../../cli/connect/request.ts";
import { Mistakes } from "../../../cli/mistakes.ts";

export const catalogue: Catalogue = {
    version: 1,
    apps: [
        { name: "orders-db", hostname: "orders-db.example.com", protocol: "postgresql", port: 5433 },
        { name: "cache", hostname: "cache.example.com", protocol: "redis" },
        { name: "bastion", hostname: "bastion.example.com", protocol: "ssh" },
        { name: "grafana", hostname: "grafana.example.com", protocol: "http" },
    ],
};

/** The apps of that catalogue that are asked for. @throws CommandError with every mistake. */
export function want(names: string[], local: Record<string, number> = {}): WantedApp[] {
    const mistakes = new Mistakes();
    const apps = wantedApps(names, new Map(Object.entries(local)), catalogue, mistakes);
    mistakes.throwIfAny();
    return apps;
}
