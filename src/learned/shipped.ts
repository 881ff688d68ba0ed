import { decodeWeights } from './safetensors.ts'
import { shipped } from './shipped.weights.ts'
import type { ProlongationWeights } from './weights.ts'

let decoded: ProlongationWeights | undefined

/** The weights that come with krylov, trained by bench/learned/train.ts. */
export function shippedWeights(): ProlongationWeights {
  decoded ??= decodeWeights('the weights of krylov', Buffer.from(shipped, 'base64')) as ProlongationWeights
  return decoded
}
