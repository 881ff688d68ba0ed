import { decodeWeights } from './safetensors.ts'
import { shipped } from './shipped.weights.ts'
import type { PreconditionerWeights } from './weights.ts'

let decoded: PreconditionerWeights | undefined

/** The weights that come with krylov, trained by bench/learned/train.ts. */
export function shippedWeights(): PreconditionerWeights {
  decoded ??= decodeWeights('the weights of krylov', Buffer.from(shipped, 'base64'))
  return decoded
}
