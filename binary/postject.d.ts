/** What is used of `postject`, which brings no types. */
declare module "postject" {
    export function inject(
        filename: string,
        resourceName: string,
        resource: Buffer,
        options: { readonly sentinelFuse: string },
    ): Promise<void>;
}
