// A neural network that proposes search directions ("A Deep Conjugate Direction Method", Kaneda et al., ICML 2023): flexible
// CG makes each A-orthogonal to the last two, so that it may answer what it likes. The network was trained by
// make-onnx-direction.ts and runs in onnxruntime-node, which is not ours: npm install --no-save --ignore-scripts onnxruntime-node
import { fileURLToPath } from 'node:url'
import { cg, cgSync, families, ic0, normal } from 'krylov'

/** What is used of onnxruntime-node. */
interface Runtime {
  readonly InferenceSession: { create(path: string): Promise<Session> }
  readonly Tensor: new (type: 'float32', values: Float32Array, shape: readonly number[]) => unknown
}
interface Session {
  run(feeds: Record<string, unknown>): Promise<Record<string, { readonly data: Float32Array }>>
}

const N = 64 // it was trained on 32 x 32
const A = families.diff(N, { seed: 2, contrast: 10 })
const b = normal(1, A.rows)
const plain = cgSync(A, b)
const factored = cgSync(A, b, { preconditioner: ic0 })
console.log(`cg: ${plain.iterations} iterations, ${plain.time.solve.toFixed(1)} ms`)
console.log(
  `cg with ic0: ${factored.iterations} iterations, ${(factored.time.setup + factored.time.solve).toFixed(1)} ms`,
)

const name = 'onnxruntime-node' // by a name, since it need not be there
const found = (await import(name).catch(() => undefined)) as Runtime | { readonly default: Runtime } | undefined
if (found === undefined) console.log(`${name} is not installed: see the first lines of this file`)
else {
  const { InferenceSession, Tensor } = 'default' in found ? found.default : found
  const session = await InferenceSession.create(fileURLToPath(new URL('direction.onnx', import.meta.url)))
  let spent = 0
  const network = async (r: Float64Array): Promise<Float64Array> => {
    const begun = performance.now()
    const size = Math.sqrt(r.reduce((sum, value) => sum + value * value, 0))
    const residual = new Tensor(
      'float32',
      Float32Array.from(r, value => value / size),
      [1, 1, N, N],
    )
    const { direction } = await session.run({ residual })
    spent += performance.now() - begun
    return Float64Array.from(direction!.data)
  }
  const { converged, iterations, time } = await cg(A, b, { flexible: true, preconditioner: network })
  if (!converged) throw new Error('not converged')
  console.log(
    `cg with the network: ${iterations} iterations, ${time.solve.toFixed(1)} ms, ${spent.toFixed(1)} ms of it the network's`,
  )
}
