import { uniformAt } from '../core/random.ts'
import { HEAD, type Loops, ROUNDS, SEED, STREAM } from './loops.ts'

const TOTAL = HEAD // sum of the losses seen
const ARMS = HEAD + 1 // per arm: coefficients of its loss, right-hand sides, the inverse of the normal equations (m x m)

/** ChebCB with m Chebyshev polynomials in c, which lies in [-1, 1]. */
export function chebCbLoops(m: number, greed: number): Loops {
  const stride = 2 * m + m * m
  const phi = new Float64Array(m)
  const Pphi = new Float64Array(m)
  let predicted = new Float64Array(0)

  const polynomials = (c: number): void => {
    phi[0] = 1
    if (m > 1) phi[1] = c
    for (let j = 2; j < m; j++) phi[j] = 2 * c * phi[j - 1]! - phi[j - 2]!
  }

  return {
    size: arms => ARMS + stride * arms,
    arms: size => (size - ARMS) / stride,
    begin(data, arms) {
      for (let P = ARMS + 2 * m; P < ARMS + arms * stride; P += stride)
        for (let j = 0; j < m; j++) data[P + j * m + j] = j === 0 ? 100 : 1 / (j * j)
    },
    choose(data, c) {
      const d = (data.length - ARMS) / stride
      const rounds = data[ROUNDS]!
      if (rounds < d) return rounds // each arm once
      polynomials(c)
      if (predicted.length < d) predicted = new Float64Array(d)
      let best = 0
      for (let a = 0; a < d; a++) {
        const fit = ARMS + a * stride
        let sum = 0
        for (let j = 0; j < m; j++) sum += data[fit + j]! * phi[j]!
        predicted[a] = sum
        if (sum < predicted[best]!) best = a
      }
      const gamma = (greed * Math.sqrt(d * rounds) * rounds) / Math.max(data[TOTAL]!, 1e-300)
      let left = uniformAt(data[SEED]!, data[STREAM]!, rounds)
      for (let a = 0; a < d; a++) {
        if (a === best) continue
        left -= 1 / (d + gamma * (predicted[a]! - predicted[best]!))
        if (left < 0) return a
      }
      return best
    },
    learn(data, arm, loss, c) {
      polynomials(c)
      const fit = ARMS + arm * stride
      const [rhs, P] = [fit + m, fit + 2 * m]
      // (G + phi phi^T)^-1 = P - (P phi)(P phi)^T / (1 + phi^T P phi), P = G^-1: Sherman and Morrison 1950
      let scalar = 1
      for (let i = 0; i < m; i++) {
        let sum = 0
        for (let j = 0; j < m; j++) sum += data[P + i * m + j]! * phi[j]!
        Pphi[i] = sum
        scalar += phi[i]! * sum
        data[rhs + i]! += loss * phi[i]!
      }
      for (let i = 0; i < m; i++) {
        let sum = 0
        for (let j = 0; j < m; j++) {
          const entry = data[P + i * m + j]! - (Pphi[i]! * Pphi[j]!) / scalar
          data[P + i * m + j] = entry
          sum += entry * data[rhs + j]!
        }
        data[fit + i] = sum
      }
      data[ROUNDS]! += 1
      data[TOTAL]! += loss
    },
  }
}
