/** What puts an authority into a store. */
export const Through = {
    /** Commands of the system and of its browsers. */
    System: "system",
    /** The `mkcert` on this machine. */
    Mkcert: "mkcert",
} as const;
export type Through = (typeof Through)[keyof typeof Through];
