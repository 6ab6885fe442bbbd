/** Marks of the engine's JSON form (`sdk/go/common/resource/properties.go` and `plugin/rpc.go` of github.com/pulumi/pulumi). */

/** Key of a value that is no plain JSON; what stands under it says of which kind it is. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Under {@link SIGNATURE}: a secret, with its `ciphertext` or `plaintext` beside it. */
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** In place of a value that a preview cannot know. */
export const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
