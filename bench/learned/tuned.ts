/** What bench/learned/tune.ts finds best for amg on seeds 700 and 701: of the damping alone, and of damping and ratio. */
export const TUNED = { damping: 1.5 }
export const TUNED_BOTH = { damping: 1.5, ratio: 6.5 }
