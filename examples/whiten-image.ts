import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { dense, invSqrtmSync, normal, zcaWhiten } from 'krylov'

/*
 * An image and what ZCA whitening makes of its 8 x 8 patches: what neighbours share is gone, edges are left. Writes a PNG, the
 * image on the left, in the folder for temporary files.
 */

const [size, patch] = [256, 8]
const noise = normal(5, size * size)
/** Discs and stripes on a slope, with a little noise. */
const image = Float64Array.from({ length: size * size }, (_, at) => {
  const [x, y] = [Math.floor(at / size), at % size]
  const disc = Math.hypot(x - 90, y - 100) < 50 ? 60 : 0
  const stripes = x > 150 && Math.sin(y / 6) > 0 ? 40 : 0
  return 60 + 0.3 * y + disc + stripes + 2 * noise[at]!
})
const side = size / patch
const samples = dense(
  side * side,
  patch * patch,
  Float64Array.from({ length: size * size }, (_, at) => {
    const [p, q] = [Math.floor(at / patch ** 2), at % patch ** 2]
    const [x, y] = [Math.floor(p / side) * patch + Math.floor(q / patch), (p % side) * patch + (q % patch)]
    return image[x * size + y]!
  }),
)
const { value, matrix } = await zcaWhiten(samples, { epsilon: 1 })

const both = new Uint8Array(2 * size * size)
const spread = 40
for (let p = 0; p < side * side; p++)
  for (let q = 0; q < patch ** 2; q++) {
    const [x, y] = [Math.floor(p / side) * patch + Math.floor(q / patch), (p % side) * patch + (q % patch)]
    both[x * 2 * size + y] = Math.max(0, Math.min(255, image[x * size + y]!))
    both[x * 2 * size + size + y] = Math.max(0, Math.min(255, 128 + spread * value.values[p * patch ** 2 + q]!))
  }

/** A grey image of 8 bits. */
function png(width: number, height: number, pixels: Uint8Array): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name), data])
    const ends = Buffer.alloc(8)
    ends.writeUInt32BE(data.length, 0)
    ends.writeUInt32BE(checksum(body), 4)
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  const rows = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** CRC-32, which zlib has from Node 20.15 on. */
function checksum(bytes: Buffer): number {
  if (typeof crc32 === 'function') return crc32(bytes)
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ -1) >>> 0
}

const file = join(tmpdir(), 'krylov-whitened.png')
writeFileSync(file, png(2 * size, size, both))
console.log(`wrote ${file}: the image, and its whitened patches`)

// W is a symmetric root: its inverse square has the variances of the patches
const variances = invSqrtmSync(invSqrtmSync(matrix).value).value
if (!(variances.values[0]! > 0)) throw new Error('no root')
let worst = 0
for (let a = 0; a < patch ** 2; a++)
  for (let b = 0; b < a; b++) {
    let sum = 0
    for (let p = 0; p < side * side; p++) sum += value.values[p * patch ** 2 + a]! * value.values[p * patch ** 2 + b]!
    worst = Math.max(worst, Math.abs(sum / side ** 2))
  }
if (!(worst < 0.3)) throw new Error(`pixels of whitened patches are correlated by ${worst}`)
