// npx tsx examples/make-onnx-direction.ts: trains the network of onnx-direction.ts in a minute or two and writes direction.onnx
import { writeFileSync } from 'node:fs'
import { families, normal, spmv } from 'krylov'

/* A fully convolutional network without biases, so that f(c r) = c f(r) for c > 0: 3 x 3 convolutions on four grids. */

const N = 32
const CHANNELS = 6
const LEVELS = 3 // further grids, each half as fine
const STEPS = 1200
const BATCH = 6
const RATE = 4e-3

/** A batch of one: channels x size x size. */
interface Image {
  readonly channels: number
  readonly size: number
  readonly values: Float32Array
  readonly gradient: Float32Array
}
const image = (channels: number, size: number): Image => ({
  channels,
  size,
  values: new Float32Array(channels * size * size),
  gradient: new Float32Array(channels * size * size),
})

interface Weights {
  readonly name: string
  readonly shape: readonly [out: number, inputs: number, height: number, width: number]
  readonly values: Float32Array
  readonly gradient: Float32Array
}
/** An operation as it stands in the file, and its two passes. */
interface Operation {
  readonly type: 'Conv' | 'Relu' | 'AveragePool' | 'ConvTranspose' | 'Add'
  readonly inputs: readonly number[]
  readonly weights?: Weights
}

const weights: Weights[] = []
const operations: Operation[] = [] // operation k makes image k + 1; image 0 is the residual
const add = (type: Operation['type'], inputs: readonly number[], made?: Weights): number => {
  operations.push({ type, inputs, ...(made && { weights: made }) })
  return operations.length
}
const kernel = (out: number, inputs: number): Weights => {
  const values = Float32Array.from(normal(weights.length, out * inputs * 9), v => v / Math.sqrt(4.5 * inputs))
  const made: Weights = {
    name: `w${weights.length}`,
    shape: [out, inputs, 3, 3],
    values,
    gradient: new Float32Array(values.length),
  }
  weights.push(made)
  return made
}
const conv = (x: number, inputs = CHANNELS, out = CHANNELS): number => add('Conv', [x], kernel(out, inputs))
const ones: Weights = {
  name: 'ones', // a transposed convolution with it repeats every value four times
  shape: [CHANNELS, 1, 2, 2],
  values: new Float32Array(4 * CHANNELS).fill(1),
  gradient: new Float32Array(4 * CHANNELS),
}

let at = conv(0, 1)
const skipped: number[] = []
for (let level = 0; level < LEVELS; level++) {
  at = add('Add', [at, conv(add('Relu', [conv(at)]))])
  skipped.push(at)
  at = add('AveragePool', [at])
}
for (let again = 0; again < 2; again++) at = add('Add', [at, conv(add('Relu', [conv(at)]))])
for (const skip of skipped.reverse()) {
  at = add('Add', [skip, conv(add('ConvTranspose', [at], ones))])
  at = add('Add', [at, conv(add('Relu', [conv(at)]))])
}
conv(at, CHANNELS, 1)

/** Visits y[o, i, j] and x[c, i + di, j + dj] inside the grid. */
function convolve(x: Image, w: Weights, y: Image, backward: boolean): void {
  const { size } = x
  const [out, inputs] = w.shape
  for (let o = 0; o < out; o++)
    for (let c = 0; c < inputs; c++)
      for (let k = 0; k < 9; k++) {
        const [di, dj] = [Math.floor(k / 3) - 1, (k % 3) - 1]
        const place = (o * inputs + c) * 9 + k
        const value = w.values[place]!
        let sum = 0
        for (let i = Math.max(0, -di); i < Math.min(size, size - di); i++) {
          const [to, from] = [(o * size + i) * size, (c * size + i + di) * size + dj]
          const [first, end] = [Math.max(0, -dj), Math.min(size, size - dj)]
          if (backward)
            for (let j = first; j < end; j++) {
              sum += y.gradient[to + j]! * x.values[from + j]!
              x.gradient[from + j]! += value * y.gradient[to + j]!
            }
          else for (let j = first; j < end; j++) y.values[to + j]! += value * x.values[from + j]!
        }
        w.gradient[place]! += sum
      }
}

/** Between a grid and the next coarser one, `factor` times the values: means, or repetitions. */
function across(fine: Image, coarse: Image, factor: number, what: 'values' | 'gradient', down: boolean): void {
  const { size, channels } = fine
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        const [f, g] = [(c * size + i) * size + j, (c * (size / 2) + (i >> 1)) * (size / 2) + (j >> 1)]
        if (down) coarse[what][g]! += factor * fine[what][f]!
        else fine[what][f]! += factor * coarse[what][g]!
      }
}

function run(r: Float64Array): Image[] {
  const images = [image(1, N)]
  images[0]!.values.set(r)
  for (const { type, inputs, weights: w } of operations) {
    const x = images[inputs[0]!]!
    const scale = type === 'AveragePool' ? 0.5 : type === 'ConvTranspose' ? 2 : 1
    const y = image(type === 'Conv' ? w!.shape[0] : x.channels, x.size * scale)
    images.push(y)
    if (type === 'Conv') convolve(x, w!, y, false)
    else if (type === 'AveragePool') across(x, y, 0.25, 'values', true)
    else if (type === 'ConvTranspose') across(y, x, 1, 'values', false)
    else
      for (let i = 0; i < y.values.length; i++)
        y.values[i] = type === 'Relu' ? Math.max(0, x.values[i]!) : x.values[i]! + images[inputs[1]!]!.values[i]!
  }
  return images
}

function back(images: readonly Image[]): void {
  for (let k = operations.length - 1; k >= 0; k--) {
    const { type, inputs, weights: w } = operations[k]!
    const [x, y] = [images[inputs[0]!]!, images[k + 1]!]
    if (type === 'Conv') convolve(x, w!, y, true)
    else if (type === 'AveragePool') across(x, y, 0.25, 'gradient', false)
    else if (type === 'ConvTranspose') across(y, x, 1, 'gradient', true)
    else
      for (let i = 0; i < y.values.length; i++) {
        if (type === 'Add' || x.values[i]! > 0) x.gradient[i]! += y.gradient[i]!
        if (type === 'Add') images[inputs[1]!]!.gradient[i]! += y.gradient[i]!
      }
  }
}

/* Training: a step along f(r) takes (f . r)^2 / (f . A f) of the energy; that is made large. */

const A = families.diff(N, { seed: 1, contrast: 10 })
const mean = weights.map(w => new Float64Array(w.values.length))
const square = weights.map(w => new Float64Array(w.values.length))
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
/** Residuals of errors that are rough, smooth or between: an error is smoothed some times. */
function residual(draw: number): Float64Array {
  let e: Float64Array = normal(1000 + draw, A.rows)
  const d = A.diagonal()
  for (let sweep = 0; sweep < [0, 3, 20, 100][draw % 4]!; sweep++) {
    const Ae = spmv(A, e)
    e = e.map((value, i) => value - (0.7 * Ae[i]!) / d[i]!)
  }
  const r = spmv(A, e)
  const size = Math.sqrt(dot(r, r))
  return r.map(value => value / size)
}
for (let step = 0, seen = 0; step < STEPS; step++) {
  for (const w of weights) w.gradient.fill(0)
  for (let b = 0; b < BATCH; b++) {
    const r = residual(step * BATCH + b)
    const images = run(r)
    const f = images.at(-1)!
    const direction = Float64Array.from(f.values)
    const Af = spmv(A, direction)
    const [fr, fAf] = [dot(direction, r), dot(direction, Af)]
    const size = Math.max(Math.abs(fr), 1e-3 * Math.sqrt(fAf)) * Math.sign(fr || 1)
    for (let i = 0; i < direction.length; i++) f.gradient[i] = ((-2 * r[i]!) / size + (2 * Af[i]!) / fAf) / BATCH
    back(images)
    seen = 0.99 * seen + 0.01 * Math.log(fr ** 2 / fAf)
  }
  const norm = Math.sqrt(weights.reduce((sum, { gradient }) => sum + dot(gradient, gradient), 0))
  const rate = (RATE * (1 + Math.cos((Math.PI * step) / STEPS))) / 2
  for (const [k, { values, gradient }] of weights.entries())
    for (let i = 0; i < values.length; i++) {
      const g = gradient[i]! * Math.min(1, 1 / norm)
      mean[k]![i] = 0.9 * mean[k]![i]! + 0.1 * g
      square[k]![i] = 0.99 * square[k]![i]! + 0.01 * g * g
      const unbiased = mean[k]![i]! / (1 - 0.9 ** (step + 1))
      values[i]! -= (rate * unbiased) / (Math.sqrt(square[k]![i]! / (1 - 0.99 ** (step + 1))) + 1e-8)
    }
  if (step % 100 === 99) console.log(step + 1, 'logarithm of energy removed', seen.toFixed(3))
}

/* The file: protocol buffers, whose fields are a number, a wire type and a value. */

const varint = (n: number): number[] => (n < 128 ? [n] : [(n % 128) + 128, ...varint(Math.floor(n / 128))])
const field = (number: number, value: number | string | readonly number[] | Uint8Array): number[] => {
  if (typeof value === 'number') return [...varint(8 * number), ...varint(value)]
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value
  return [...varint(8 * number + 2), ...varint(bytes.length), ...bytes]
}
const all = (parts: readonly (readonly number[])[]): number[] => parts.flat()
const INTS = 7
const INT = 2
const ints = (name: string, values: readonly number[]) =>
  field(5, all([field(1, name), ...values.map(v => field(8, v)), field(20, INTS)]))
const int = (name: string, value: number) => field(5, all([field(1, name), field(3, value), field(20, INT)]))
const tensor = ({ name, shape, values }: Weights) =>
  field(5, all([...shape.map(d => field(1, d)), field(2, 1), field(8, name), field(9, new Uint8Array(values.buffer))]))
const shape = all([field(1, field(1, 1)), field(1, field(1, 1)), field(1, field(2, 'n')), field(1, field(2, 'n'))])
const port = (name: string) => all([field(1, name), field(2, field(1, all([field(1, 1), field(2, shape)])))])
const named = (k: number): string => (k === 0 ? 'residual' : k === operations.length ? 'direction' : `x${k}`)
const attributes: Readonly<Record<Operation['type'], readonly number[]>> = {
  Conv: all([ints('pads', [1, 1, 1, 1]), ints('kernel_shape', [3, 3])]),
  Relu: [],
  Add: [],
  AveragePool: all([ints('kernel_shape', [2, 2]), ints('strides', [2, 2])]),
  ConvTranspose: all([ints('kernel_shape', [2, 2]), ints('strides', [2, 2]), int('group', CHANNELS)]),
}
const nodes = operations.map(({ type, inputs, weights: w }, k) => {
  const names = [...inputs.map(named), ...(w ? [w.name] : [])]
  return field(1, all([...names.map(n => field(1, n)), field(2, named(k + 1)), field(4, type), [...attributes[type]]]))
})
const graph = all([
  ...nodes,
  field(2, 'direction'),
  ...[...weights, ones].map(tensor),
  field(11, port('residual')),
  field(12, port('direction')),
])
const model = all([field(1, 8), field(2, 'krylov'), field(7, graph), field(8, all([field(1, ''), field(2, 13)]))])
writeFileSync(new URL('direction.onnx', import.meta.url), Uint8Array.from(model))
