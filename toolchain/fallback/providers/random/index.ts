/**
 * Stands in for pulumi-random: the same resources, drawn from the operating system's generator through `node:crypto`.
 * Left out: `RandomPassword.bcryptHash`, since no kept bcrypt implementation is among the dependencies.
 */
import npmPackage from "@pulumi/random/package.json" with { type: "json" };
import type { ResourceProvider } from "../../plugin/provider.ts";
import { randomBytes, randomId, randomUuid } from "./bytes.ts";
import { randomInteger, randomShuffle } from "./numbers.ts";
import { randomPet } from "./pet.ts";
import { randomPassword, randomString } from "./text.ts";

export const provider: ResourceProvider = {
    name: "random",
    version: npmPackage.version,
    resources: {
        "random:index/randomBytes:RandomBytes": randomBytes,
        "random:index/randomId:RandomId": randomId,
        "random:index/randomInteger:RandomInteger": randomInteger,
        "random:index/randomPassword:RandomPassword": randomPassword,
        "random:index/randomPet:RandomPet": randomPet,
        "random:index/randomShuffle:RandomShuffle": randomShuffle,
        "random:index/randomString:RandomString": randomString,
        "random:index/randomUuid:RandomUuid": randomUuid,
    },
};

/** It has no configuration, so one serves every run. */
export const createProvider = (): ResourceProvider => provider;
