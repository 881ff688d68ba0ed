import type { CompletionModel, RidgeScaling } from '../completion/model.ts'
import { checkModel } from '../completion/use.ts'
import { KrylovError } from '../core/errors.ts'
import type { Dense } from '../core/types.ts'
import type { NpyArray } from './npy.ts'
import { readNpz, writeNpz } from './npz.ts'
import type { ReadOptions } from './options.ts'

const SCALINGS: readonly RidgeScaling[] = ['none', 'count']

/**
 * Writes a completed matrix's model to an .npz archive, which `numpy.load` reads: `left`, `right`, `mean`, `rowBiases`,
 * `columnBiases`, `range`, `rowCounts`, `columnCounts` and `settings` (ridge, bias ridge, whether it is scaled by counts,
 * confidence or NaN, whether nonnegative).
 *
 * @throws KrylovError ERR_TYPE, ERR_SHAPE; errors of the file system pass through unchanged
 */
export async function writeCompletion(path: string | URL, model: CompletionModel): Promise<void> {
  const { left, right, rowBiases, columnBiases, range } = checkModel('writeCompletion', model)
  const { ridge, biasRidge, ridgeScaling, confidence = Number.NaN, nonnegative, rowCounts, columnCounts } = model
  const settings = [ridge, biasRidge, SCALINGS.indexOf(ridgeScaling), confidence, nonnegative ? 1 : 0]
  await writeNpz(path, {
    left,
    right,
    rowCounts,
    columnCounts,
    settings: Float64Array.from(settings),
    ...(model.mean === undefined ? {} : { mean: Float64Array.of(model.mean), rowBiases, columnBiases }),
    ...(range === undefined ? {} : { range: Float64Array.from(range) }),
  })
}

/**
 * Reads a model that `writeCompletion` wrote.
 *
 * @throws KrylovError ERR_FORMAT where it is no such archive; ERR_MEMORY beyond `maxBytes`
 */
export async function readCompletion(path: string | URL, options: ReadOptions = {}): Promise<CompletionModel> {
  const arrays = await readNpz(path, options)
  const get = (name: string): NpyArray => {
    const array = arrays.get(name)
    if (array === undefined)
      throw new KrylovError(
        'ERR_FORMAT',
        `readCompletion: ${path}: expected an array ${name}, got ${[...arrays.keys()].join(', ')}`,
      )
    return array
  }
  const floats = (name: string): Float64Array => {
    const { values } = get(name)
    return values instanceof Float64Array ? values : Float64Array.from(values)
  }
  const factor = (name: string): Dense => {
    const { shape } = get(name)
    if (shape.length !== 2)
      throw new KrylovError(
        'ERR_FORMAT',
        `readCompletion: ${path}: expected ${name} of two dimensions, got ${shape.length}`,
      )
    return { rows: shape[0]!, columns: shape[1]!, values: floats(name) }
  }
  const counts = (name: string): Int32Array => Int32Array.from(get(name).values)
  const [ridge, biasRidge, scaling, confidence, nonnegative] = floats('settings')
  const model = {
    left: factor('left'),
    right: factor('right'),
    ridge: ridge!,
    biasRidge: biasRidge!,
    ridgeScaling: SCALINGS[scaling!] ?? 'none',
    nonnegative: nonnegative === 1,
    rowCounts: counts('rowCounts'),
    columnCounts: counts('columnCounts'),
    ...(confidence! > 0 ? { confidence: confidence! } : {}),
    ...(arrays.has('mean')
      ? { mean: floats('mean')[0]!, rowBiases: floats('rowBiases'), columnBiases: floats('columnBiases') }
      : {}),
    ...(arrays.has('range') ? { range: [floats('range')[0]!, floats('range')[1]!] as const } : {}),
  }
  checkModel('readCompletion', model)
  return model
}
