/** A network of two hidden layers with SiLU and one output, as numbers: W1, b1, W2, b2, w3, b3, matrices by rows. */
export interface NetworkShape {
  readonly inputs: number
  readonly first: number
  readonly second: number
}

export const parameterCount = ({ inputs, first, second }: NetworkShape): number =>
  (inputs + 1) * first + (first + 1) * second + second + 1

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** What one evaluation leaves for its gradient. */
export interface Activations {
  readonly sums1: Float64Array
  readonly sums2: Float64Array
  readonly hidden1: Float64Array
  readonly hidden2: Float64Array
}

export const activations = ({ first, second }: NetworkShape): Activations => ({
  sums1: new Float64Array(first),
  sums2: new Float64Array(second),
  hidden1: new Float64Array(first),
  hidden2: new Float64Array(second),
})

/** The output for the inputs that begin at `at`. */
export function evaluate(
  { inputs, first, second }: NetworkShape,
  theta: ArrayLike<number>,
  start: number,
  x: ArrayLike<number>,
  at: number,
  { sums1, sums2, hidden1, hidden2 }: Activations,
): number {
  let w = start
  for (let h = 0; h < first; h++, w += inputs) {
    let sum = theta[start + inputs * first + h]!
    for (let f = 0; f < inputs; f++) sum += theta[w + f]! * x[at + f]!
    sums1[h] = sum
    hidden1[h] = sum * sigmoid(sum)
  }
  w += first
  const bias = w + first * second
  for (let h = 0; h < second; h++, w += first) {
    let sum = theta[bias + h]!
    for (let f = 0; f < first; f++) sum += theta[w + f]! * hidden1[f]!
    sums2[h] = sum
    hidden2[h] = sum * sigmoid(sum)
  }
  w += second
  let output = theta[w + second]!
  for (let h = 0; h < second; h++) output += theta[w + h]! * hidden2[h]!
  return output
}

/** Adds to `gradient` what the last evaluation, whose output has derivative `g`, gives. */
export function differentiate(
  { inputs, first, second }: NetworkShape,
  theta: ArrayLike<number>,
  start: number,
  x: ArrayLike<number>,
  at: number,
  { sums1, sums2, hidden1, hidden2 }: Activations,
  g: number,
  gradient: Float64Array,
  to: number,
): void {
  const w2 = (inputs + 1) * first
  const w3 = w2 + (first + 1) * second
  const slope = (x: number): number => {
    const s = sigmoid(x)
    return s * (1 + x * (1 - s))
  }
  const back = new Float64Array(first)
  gradient[to + w3 + second]! += g
  for (let h = 0; h < second; h++) {
    gradient[to + w3 + h]! += g * hidden2[h]!
    const d = g * theta[start + w3 + h]! * slope(sums2[h]!)
    gradient[to + w2 + first * second + h]! += d
    for (let f = 0; f < first; f++) {
      gradient[to + w2 + h * first + f]! += d * hidden1[f]!
      back[f]! += d * theta[start + w2 + h * first + f]!
    }
  }
  for (let h = 0; h < first; h++) {
    const d = back[h]! * slope(sums1[h]!)
    gradient[to + inputs * first + h]! += d
    for (let f = 0; f < inputs; f++) gradient[to + h * inputs + f]! += d * x[at + f]!
  }
}
