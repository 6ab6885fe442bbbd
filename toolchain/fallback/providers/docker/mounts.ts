/** Mounts of services and containers, which Docker and the official provider describe alike. */
import { isObject, type PropertyMap, type Value } from "../../plugin/provider.ts";
import type { Mount } from "./dockerSpec.ts";
import { flagOf, labelPairs, labelsOf, mapOf, numberOf, objectsOf, textOf } from "./values.ts";

export function toMounts(value: Value | undefined): Mount[] {
    return objectsOf(value).map((mount) => ({
        Type: textOf(mount.type),
        Source: textOf(mount.source),
        Target: textOf(mount.target),
        ReadOnly: flagOf(mount.readOnly),
        ...(isObject(mount.bindOptions) && { BindOptions: { Propagation: textOf(mount.bindOptions.propagation) } }),
        ...(isObject(mount.volumeOptions) && { VolumeOptions: volumeOptions(mount.volumeOptions) }),
        ...(isObject(mount.tmpfsOptions) && {
            TmpfsOptions: {
                SizeBytes: numberOf(mount.tmpfsOptions.sizeBytes),
                Mode: numberOf(mount.tmpfsOptions.mode),
            },
        }),
    }));
}

function volumeOptions(options: PropertyMap): NonNullable<Mount["VolumeOptions"]> {
    const driver = { Name: textOf(options.driverName), Options: mapOf(options.driverOptions) };
    return {
        NoCopy: flagOf(options.noCopy),
        Labels: labelsOf(options.labels),
        ...((driver.Name !== "" || Object.keys(driver.Options).length > 0) && { DriverConfig: driver }),
        ...(options.subpath !== undefined && { Subpath: textOf(options.subpath) }),
    };
}

export function fromMounts(mounts: readonly Mount[] | null | undefined): PropertyMap[] {
    return (mounts ?? []).map((mount) => ({
        bindOptions: mount.BindOptions ? { propagation: mount.BindOptions.Propagation ?? "" } : null,
        readOnly: mount.ReadOnly ?? false,
        source: mount.Source ?? "",
        target: mount.Target,
        // Only the permission bits: Docker keeps the sticky bit, the official provider does not read it.
        tmpfsOptions: mount.TmpfsOptions
            ? { mode: (mount.TmpfsOptions.Mode ?? 0) & 0o777, sizeBytes: mount.TmpfsOptions.SizeBytes ?? 0 }
            : null,
        type: mount.Type,
        volumeOptions: mount.VolumeOptions ? fromVolumeOptions(mount.VolumeOptions) : null,
    }));
}

function fromVolumeOptions(options: NonNullable<Mount["VolumeOptions"]>): PropertyMap {
    return {
        driverName: options.DriverConfig?.Name ?? "",
        driverOptions: options.DriverConfig?.Options ?? {},
        labels: labelPairs(options.Labels),
        noCopy: options.NoCopy ?? false,
        ...(options.Subpath && { subpath: options.Subpath }),
    };
}
