import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { addProduct } from './blocks.loops.ts'
import { envelopeSteps } from './envelope.steps.ts'
import { activations, differentiate, evaluate, type NetworkShape, parameterCount } from './network.loops.ts'
import { COLUMNS, type Sample, type SampleSet, sampleOf } from './samples.ts'
import { factorOf, slopeOf } from './setup.steps.ts'
import { addProlonged, type Cycled, coarseFactor, coarseSolve, smooth, twoGrid } from './two-grid.loops.ts'

/** Weighed terms that cancel to less than this share of their magnitudes are not scaled to a row's sum. */
const LEAST_SUM = 0.2

/**
 * Per sample of a batch, the logarithm of how much an iteration of CG reduces the energy norm of the error, with a cycle
 * of two grids as preconditioner; and its gradient. NaN and no gradient where the coarse matrix is not positive definite.
 *
 * @param theta parameters of one network after the other
 * @param losses output, one per sample of the batch
 * @param gradients output, batch x theta, or empty where none is wanted
 */
export function* prolongationLossSteps(
  _k: Kernels,
  set: SampleSet,
  batch: Int32Array,
  shape: NetworkShape,
  theta: Float64Array,
  iterations: number,
  losses: Float64Array,
  gradients: Float64Array,
): Steps<void> {
  for (let at = 0; at < batch.length; at++) {
    const sample = sampleOf(set, shape.inputs, batch[at]!)
    const gradient = gradients.subarray(at * theta.length, (at + 1) * theta.length)
    gradient.fill(0)
    losses[at] = yield* lossOf(sample, shape, theta, iterations, gradient)
  }
}

/** A prolongation by weighed terms. */
interface Prolonged {
  readonly P: Float64Array
  /** Per term, the output of the network. */
  readonly outputs: Float64Array
  /** Per row, what its terms were scaled by; 0 where it keeps its own. */
  readonly scales: Float64Array
  /** Per row, its sum. */
  readonly sums: Float64Array
}

function prolonged(sample: Sample, shape: NetworkShape, theta: Float64Array): Prolonged {
  const { unknowns, termPointers, termPlaces, termValues, inputs, coarseColumns, network } = sample
  const P = new Float64Array(coarseColumns.length)
  const outputs = new Float64Array(termPlaces.length)
  const scales = new Float64Array(unknowns)
  const sums = new Float64Array(unknowns)
  const kept = activations(shape)
  const start = networkStart(shape, theta, network)
  for (let i = 0; i < unknowns; i++) {
    let [wanted, sum, magnitude] = [0, 0, 0]
    for (let t = termPointers[i]!; t < termPointers[i + 1]!; t++) {
      outputs[t] = evaluate(shape, theta, start, inputs, t * shape.inputs, kept)
      const term = factorOf(outputs[t]!) * termValues[t]!
      wanted += termValues[t]!
      sum += term
      magnitude += Math.abs(term)
    }
    const fine = sum > LEAST_SUM * magnitude && wanted > 0 && magnitude < Number.POSITIVE_INFINITY
    sums[i] = wanted
    scales[i] = fine ? wanted / sum : 0
    for (let t = termPointers[i]!; t < termPointers[i + 1]!; t++)
      P[termPlaces[t]!]! += fine ? scales[i]! * factorOf(outputs[t]!) * termValues[t]! : termValues[t]!
  }
  return { P, outputs, scales, sums }
}

const networkStart = (shape: NetworkShape, theta: Float64Array, network: number): number => {
  const size = parameterCount(shape)
  return size * Math.min(network, theta.length / size - 1)
}

function* lossOf(
  sample: Sample,
  shape: NetworkShape,
  theta: Float64Array,
  iterations: number,
  gradient: Float64Array,
): Steps<number> {
  const made = prolonged(sample, shape, theta)
  yield tick
  const factor = coarseFactor(sample, made.P)
  if (factor === undefined) return Number.NaN
  yield tick
  const gP = new Float64Array(made.P.length)
  const cycle = {
    apply: (r: Float64Array) => twoGrid(sample, made.P, factor, r),
    back: (kept: Cycled, g: Float64Array) => back(sample, made.P, factor, kept, g, gP),
  }
  const wanted = gradient.length > 0
  const loss = yield* envelopeSteps(sample, sample.error, sample.residual, iterations, cycle, wanted)
  if (wanted && Math.abs(loss) < Number.POSITIVE_INFINITY) throughTerms(sample, shape, theta, made, gP, gradient)
  return loss
}

/** M^-1 g; adds to gP the derivative of g . M^-1 r, of which `before` and y are left. */
function back(
  sample: Sample,
  P: Float64Array,
  factor: Float64Array,
  { before, y }: Cycled,
  g: Float64Array,
  gP: Float64Array,
): Float64Array {
  const z = new Float64Array(g.length)
  const scale = sample.scale[0]!
  smooth(sample, g, z)
  const u = g.slice()
  addProduct(sample, -1, z, u)
  const t = coarseSolve(sample, P, factor, u)
  const Pt = new Float64Array(g.length)
  addProlonged(sample, P, 1, t, Pt)
  addProduct(sample, -1, Pt, u) // u = g' - A P t
  for (let i = 0; i < z.length; i++) z[i]! += scale * Pt[i]!
  smooth(sample, g, z)
  const Py = new Float64Array(g.length)
  addProlonged(sample, P, 1, y, Py)
  const v = before.slice()
  addProduct(sample, -1, Py, v)
  const { unknowns, coarsePointers, coarseColumns } = sample
  for (let i = 0; i < unknowns; i++)
    for (let k = coarsePointers[i]!; k < coarsePointers[i + 1]!; k++) {
      const j = coarseColumns[k]! * COLUMNS
      let sum = 0
      for (let c = 0; c < COLUMNS; c++) sum += u[i * COLUMNS + c]! * y[j + c]! + v[i * COLUMNS + c]! * t[j + c]!
      gP[k]! += scale * sum
    }
  return z
}

/** From the derivative by P to that by the parameters. */
function throughTerms(
  sample: Sample,
  shape: NetworkShape,
  theta: Float64Array,
  { P, outputs, scales, sums }: Prolonged,
  gP: Float64Array,
  gradient: Float64Array,
): void {
  const { unknowns, termPointers, termPlaces, termValues, inputs, coarsePointers, network } = sample
  const kept = activations(shape)
  const start = networkStart(shape, theta, network)
  for (let i = 0; i < unknowns; i++) {
    if (scales[i] === 0) continue
    let along = 0
    for (let k = coarsePointers[i]!; k < coarsePointers[i + 1]!; k++) along += gP[k]! * P[k]!
    for (let t = termPointers[i]!; t < termPointers[i + 1]!; t++) {
      const g = scales[i]! * (gP[termPlaces[t]!]! - along / sums[i]!) * termValues[t]! * slopeOf(outputs[t]!)
      evaluate(shape, theta, start, inputs, t * shape.inputs, kept)
      differentiate(shape, theta, start, inputs, t * shape.inputs, kept, g, gradient, start)
    }
  }
}
