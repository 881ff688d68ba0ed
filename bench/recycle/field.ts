import { normal } from '../../src/core/random.ts'

/**
 * A Gaussian random field on m x m points: Re ifft2(lambda (xi + i eta) / sqrt 2), xi and eta standard normals,
 * lambda = sqrt 2 tau^1.5 s^2 (4 pi^2 |k|^2 + tau^2)^-1.25 with tau = 7 and lambda_0 = 0 (Li et al. 2021; Wang et al. 2024).
 */
export function field(m: number, s: number, seed: number): Float64Array {
  const noise = [normal(2 * seed + 1, m * m), normal(2 * seed + 2, m * m)]
  const wave = (k: number) => (k < m / 2 ? k : k - m)
  const [re, im] = noise.map(part =>
    part.map((value, at) => {
      const square = wave(at % m) ** 2 + wave(Math.floor(at / m)) ** 2
      const lambda = Math.SQRT2 * 7 ** 1.5 * s * s * (4 * Math.PI ** 2 * square + 49) ** -1.25
      return square === 0 ? 0 : (lambda * value) / Math.SQRT2
    }),
  ) as [Float64Array, Float64Array]
  rows(re, im, m)
  transpose(re, m)
  transpose(im, m)
  rows(re, im, m)
  return re
}

/** The inverse discrete Fourier transform of every row, in place. */
function rows(re: Float64Array, im: Float64Array, m: number): void {
  const cos = Float64Array.from({ length: m }, (_, k) => Math.cos((2 * Math.PI * k) / m) / m)
  const sin = Float64Array.from({ length: m }, (_, k) => Math.sin((2 * Math.PI * k) / m) / m)
  for (let row = 0; row < m * m; row += m) {
    const [a, b] = [re.slice(row, row + m), im.slice(row, row + m)]
    for (let x = 0; x < m; x++) {
      let [sumRe, sumIm] = [0, 0]
      for (let k = 0, turn = 0; k < m; k++, turn = (turn + x) % m) {
        sumRe += a[k]! * cos[turn]! - b[k]! * sin[turn]!
        sumIm += a[k]! * sin[turn]! + b[k]! * cos[turn]!
      }
      re[row + x] = sumRe
      im[row + x] = sumIm
    }
  }
}

function transpose(A: Float64Array, m: number): void {
  for (let i = 0; i < m; i++)
    for (let j = 0; j < i; j++) {
      const kept = A[i * m + j]!
      A[i * m + j] = A[j * m + i]!
      A[j * m + i] = kept
    }
}
