import { Document, isScalar, type ParsedNode, parseDocument, visit } from "yaml";
import { peopleFrom } from "../swarm/import/audiences.ts";
import { type Answers, Login } from "./answers.ts";
import { loginComment } from "./loginComment.ts";

/** Images by digest of the proxy and the connector, as the reference stack for production names them. */
export interface PinnedImages {
    readonly connector: string;
    readonly proxy: string;
}

/** New secrets every 90 days, as in the reference stacks. */
const ROTATED_EVERY = "2160h";

/**
 * Text of `Pulumi.<environment>.yaml`. Production, the last environment, names its images by digest, which the policy pack asks of it, and declares
 * how people log in: identity providers belong to the account, so one stack of it has them.
 *
 * @param today when the periods of its secrets begin.
 */
export function stackFileText(answers: Answers, environment: string, images: PinnedImages, today: Date): string {
    const { zone, accountId, team, people, environments, dockerHost, login } = answers;
    const isProduction = environment === environments.at(-1);
    const host = isProduction ? `hello.${zone}` : `hello-${environment}.${zone}`;
    const values = {
        accountId,
        zone,
        team,
        ...(dockerHost === undefined ? {} : { dockerHost }),
        ...(isProduction ? { connector: { image: images.connector }, proxy: { image: images.proxy } } : {}),
        ...(isProduction && login === Login.OneTimePin ? { identityProviders: { pin: { kind: login } } } : {}),
        rotation: { since: today.toISOString().slice(0, 10), every: ROTATED_EVERY },
        audiences: { people: peopleFrom(people) },
        apps: [{ name: "hello", hostname: host, service: "http://hello:8080", audience: ["people"] }],
    };
    const document = new Document({
        config: Object.fromEntries(Object.entries(values).map(([key, value]) => [`sallyport:${key}`, value])),
    });
    // A list of words reads best on one line.
    visit(document, {
        Seq: (_, list) => {
            list.flow = list.items.every(isScalar);
        },
    });
    comment(
        document,
        "sallyport:connector",
        " Images by digest: what runs is what was tried. `npx sallyport pin` looks up those of other versions.",
    );
    comment(
        document,
        "sallyport:rotation",
        " New secrets every 90 days: `npx sallyport rotate` makes those that are due.",
    );
    comment(
        document,
        "sallyport:apps",
        [
            ` An example: put your own services here. A service is attached to the network sallyport-${environment}-<name of the app>, under the name`,
            " that `service` has. Host names stay one label below the zone, since Universal SSL covers no deeper.",
        ].join("\n"),
    );
    const text = `# ${environment}: who may enter, and what is reachable.\n${document.toString({ lineWidth: 0, flowCollectionPadding: false })}`;
    return isProduction ? `${text}${loginComment(answers, environment)}` : text;
}

/** Puts a remark above a key of `config`. */
function comment(document: Document, key: string, remark: string): void {
    const config = document.get("config") as { items: { key: ParsedNode }[] };
    const pair = config.items.find((item) => String(item.key) === key);
    if (pair !== undefined) pair.key.commentBefore = remark;
}

/** What the reference stack for production says of its images. */
export function pinnedImages(stackFile: string): PinnedImages {
    const document = parseDocument(stackFile);
    const image = (key: string): string => {
        const value = document.getIn(["config", `sallyport:${key}`, "image"]);
        if (typeof value !== "string") throw new Error(`the reference stack has no sallyport:${key}.image`); // a mistake of ours
        return value;
    };
    return { connector: image("connector"), proxy: image("proxy") };
}
