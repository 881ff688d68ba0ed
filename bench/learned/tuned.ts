/** Constants of the literature. */
export const PLAIN = { damping: 4 / 3, ratio: 5 }

/**
 * What bench/learned/tune.ts finds best of the damping alone on seeds 700 and 701. Of damping and ratio together it finds
 * those that `amg` has by default.
 */
export const TUNED = { ...PLAIN, damping: 1.5 }
