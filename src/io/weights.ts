import { writeFile } from 'node:fs/promises'
import { decodeWeights, encodeWeights } from '../learned/safetensors.ts'
import { checkWeights, type PreconditionerWeights } from '../learned/weights.ts'
import { Budget } from './budget.ts'
import { readBytes } from './file-bytes.ts'
import { checkOptions, checkPath, type ReadOptions } from './options.ts'

/**
 * Writes weights as a safetensors file of a few kilobytes: two tensors of single numbers, and as texts in its metadata the
 * format's version, the model, its features, and what it was trained on.
 *
 * @throws KrylovError ERR_OPTION where these are no weights. Errors of the file system pass unchanged.
 */
export async function saveWeights(path: string | URL, weights: PreconditionerWeights): Promise<void> {
  const bytes = encodeWeights(checkWeights('saveWeights', 'weights', weights))
  await writeFile(checkPath('saveWeights', path), bytes)
}

/**
 * Reads what `saveWeights` wrote.
 *
 * @throws KrylovError ERR_FORMAT where it is no such file, ERR_OPTION for weights of another version or model, or numbers
 * that do not fit, ERR_MEMORY beyond `maxBytes`. Errors of the file system pass unchanged.
 */
export async function loadWeights(path: string | URL, options: ReadOptions = {}): Promise<PreconditionerWeights> {
  const who = 'loadWeights'
  checkPath(who, path)
  const { maxBytes, signal } = checkOptions(who, options, ['maxBytes', 'signal'])
  const bytes = await readBytes(path, Budget.forFile(who, maxBytes), signal)
  return decodeWeights(`${who}: ${path}`, bytes)
}
