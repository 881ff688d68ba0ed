const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0)
  return remainder
})

/** CRC-32 of ISO 3309, as zip has it; `crc` continues that of what came before. (node:zlib has one only since 20.15.) */
export function crc32(bytes: Uint8Array, crc = 0): number {
  let remainder = ~crc
  for (let k = 0; k < bytes.length; k++) remainder = (remainder >>> 8) ^ table[(remainder ^ bytes[k]!) & 255]!
  return ~remainder >>> 0
}
