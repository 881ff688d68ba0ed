/** Bytes parsed between two turns of the event loop: 2 ms at 128 MB/s. */
export const CHUNK = 1 << 18
