import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { type Pack, pack } from "tar-stream";

/** The images that the local environment runs, named as the tool in them. */
export const ImageName = { Cloudflared: "cloudflared", Traefik: "traefik", Whoami: "whoami" } as const;
export type ImageName = (typeof ImageName)[keyof typeof ImageName];

/** What an image around a static binary needs to stand in for the official one. */
export interface ImageRecipe {
    readonly name: ImageName;
    /** Path of the binary in the official image. */
    readonly binary: string;
    /** Lines of the Dockerfile that give the image the official one's user, entry point and ports. */
    readonly config: readonly string[];
}

/** Users, entry points and ports are those of the official images' Dockerfiles. */
export const RECIPES: Readonly<Record<ImageName, ImageRecipe>> = {
    cloudflared: {
        name: ImageName.Cloudflared,
        binary: "/usr/local/bin/cloudflared",
        config: ["USER 65532:65532", 'ENTRYPOINT ["cloudflared", "--no-autoupdate"]', 'CMD ["version"]'],
    },
    traefik: {
        name: ImageName.Traefik,
        binary: "/usr/local/bin/traefik",
        config: ["EXPOSE 80", 'ENTRYPOINT ["traefik"]'],
    },
    whoami: { name: ImageName.Whoami, binary: "/whoami", config: ["EXPOSE 80", 'ENTRYPOINT ["/whoami"]'] },
};

/** A build context whose tar stream is the same byte for byte whenever its parts are. */
export interface BuildContext {
    /** SHA-256 of the binary, in hexadecimal. */
    readonly binaryDigest: string;
    /** SHA-256 of everything that goes into the image, in hexadecimal. */
    readonly digest: string;
    /** The context as a tar stream; each call makes a new one. */
    tar(): Pack;
}

/** The label that says which binary an image was built around. */
export const BINARY_LABEL = "sallyport.binary.sha256";

/** The user database that Go's `os/user` reads in an image without one; 65532 is distroless's "nonroot". */
const PASSWD = "root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n";
const GROUP = "root:x:0:\nnonroot:x:65532:\n";

/**
 * The build context of an image around `binary`, a file of this machine.
 *
 * @param caBundle PEM file with root certificates for the image's `/etc/ssl/certs`; left out where the machine has none.
 */
export async function buildContext(recipe: ImageRecipe, binary: string, caBundle?: string): Promise<BuildContext> {
    const binaryDigest = await sha256(binary);
    const certificates = caBundle === undefined ? undefined : await readFile(caBundle);
    const dockerfile = [
        "FROM scratch",
        "COPY root/ /",
        "ENV PATH=/usr/local/bin SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt".slice(
            0,
            certificates ? undefined : 23,
        ),
        `LABEL ${BINARY_LABEL}=${binaryDigest}`,
        ...recipe.config,
        "",
    ].join("\n");
    const small = new Map<string, string | Buffer>([
        ["Dockerfile", dockerfile],
        ["root/etc/passwd", PASSWD],
        ["root/etc/group", GROUP],
        ...(certificates ? [["root/etc/ssl/certs/ca-certificates.crt", certificates] as const] : []),
    ]);
    const digest = createHash("sha256").update(binaryDigest);
    for (const [name, content] of small) digest.update(`\0${name}\0`).update(content);
    return { binaryDigest, digest: digest.digest("hex"), tar: () => tarOf(recipe, binary, small) };
}

function tarOf(recipe: ImageRecipe, binary: string, small: ReadonlyMap<string, string | Buffer>): Pack {
    const tar = pack();
    const fill = async () => {
        for (const [name, content] of small) tar.entry({ name, ...REPRODUCIBLE }, content);
        tar.entry({ name: "root/tmp", type: "directory", ...REPRODUCIBLE, mode: 0o1777 });
        const { size } = await stat(binary);
        const entry = tar.entry({ name: `root${recipe.binary}`, size, ...REPRODUCIBLE, mode: 0o755 });
        await pipeline(createReadStream(binary), entry);
        tar.finalize();
    };
    fill().catch((error: Error) => tar.destroy(error));
    return tar;
}

/** No clock, no owner: two machines make the same archive. */
const REPRODUCIBLE = { mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 };

async function sha256(file: string): Promise<string> {
    const hash = createHash("sha256");
    await pipeline(createReadStream(file), hash);
    return hash.digest("hex");
}
