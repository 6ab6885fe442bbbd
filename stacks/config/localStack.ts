/** The one stack that runs against the emulator; every other one is real. */
export const LOCAL_STACK = "local";
