import { dense, frechetDistance, normal } from 'krylov'

/* The Frechet distance of two sets of features, as the FID of generated images is computed: 600 samples of 64 dimensions. */

const [samples, d] = [600, 64]
const mixing = normal(1, d * d).map(x => x / Math.sqrt(d))
/** Correlated features, moved by `shift` and stretched by `stretch`. */
const features = (seed: number, shift: number, stretch: number) => {
  const noise = normal(seed, samples * d)
  const values = new Float64Array(samples * d)
  for (let i = 0; i < samples; i++)
    for (let k = 0; k < d; k++)
      for (let j = 0; j < d; j++) values[i * d + j]! += stretch * noise[i * d + k]! * mixing[k * d + j]!
  return dense(
    samples,
    d,
    values.map(x => x + shift),
  )
}

const real = features(2, 0, 1)
const same = await frechetDistance(real, real)
const alike = await frechetDistance(real, features(3, 0, 1))
const moved = await frechetDistance(real, features(3, 0.5, 1))
const stretched = await frechetDistance(real, features(3, 0, 2))
for (const [name, { distance, means, covariances }] of Object.entries({ same, alike, moved, stretched }))
  console.log(
    `${name.padEnd(10)} ${distance.toFixed(3).padStart(9)} = means ${means.toFixed(3)} + covariances ${covariances.toFixed(3)}`,
  )

if (!(same.distance < 1e-9)) throw new Error('a set must have no distance from itself')
if (!(Math.abs(moved.distance - alike.distance - 0.25 * d) < 3))
  throw new Error('a shift of 1/2 in d dimensions adds d / 4')
if (!(alike.distance < moved.distance && moved.distance < stretched.distance * 2))
  throw new Error('distances in the wrong order')
