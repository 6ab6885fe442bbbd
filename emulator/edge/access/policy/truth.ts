/**
 * Kleene's three values. What the emulator cannot know is neither true nor false: a policy that lets in must be true for
 * certain, one that keeps out strikes unless it is false for certain, and so both stay closed.
 */
export const Truth = { False: 0, Unknown: 1, True: 2 } as const;
export type Truth = (typeof Truth)[keyof typeof Truth];

export const truthOf = (value: boolean): Truth => (value ? Truth.True : Truth.False);

export const not = (value: Truth): Truth => (2 - value) as Truth;

/** True when one is, false when all are; of none, false. */
export const any = (values: readonly Truth[]): Truth => Math.max(Truth.False, ...values) as Truth;

/** True when all are, false when one is; of none, true. */
export const all = (values: readonly Truth[]): Truth => Math.min(Truth.True, ...values) as Truth;
