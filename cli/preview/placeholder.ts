/** Stands for a value that cannot be decrypted here: whoever previews a fork's pull request holds no secret. */
export const PLACEHOLDER = "not-decrypted-offline";
