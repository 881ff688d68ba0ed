// Conjugate gradients as a JavaScript user writes them: typed arrays, one loop per line of the textbook.
import type { Timing } from '../contender.ts'
import { type Request, readSystem, relativeResidual, serve } from './serve.ts'

const system = readSystem(process.argv[2]!)
const { n, values, b, rowPointers, columnIndices } = system

function multiply(x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) sum += values[k]! * x[columnIndices[k]!]!
    y[i] = sum
  }
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < n; i++) sum += x[i]! * y[i]!
  return sum
}

function inverseDiagonal(): Float64Array {
  const d = new Float64Array(n)
  for (let i = 0; i < n; i++)
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) if (columnIndices[k] === i) d[i] = 1 / values[k]!
  return d
}

function cg({ preconditioner, rtol, count }: Request): Timing {
  const begun = performance.now()
  const d = preconditioner === 'jacobi' ? inverseDiagonal() : undefined
  const ready = performance.now()
  const x = new Float64Array(n)
  const r = Float64Array.from(b)
  const z = new Float64Array(n)
  const q = new Float64Array(n)
  const scale = () => {
    if (d === undefined) z.set(r)
    else for (let i = 0; i < n; i++) z[i] = d[i]! * r[i]!
  }
  scale()
  const p = Float64Array.from(z)
  const target = rtol * Math.sqrt(dot(b, b))
  let rho = dot(r, z)
  let iterations = 0
  while (iterations < count && Math.sqrt(dot(r, r)) > target) {
    multiply(p, q)
    const alpha = rho / dot(p, q)
    for (let i = 0; i < n; i++) x[i] = x[i]! + alpha * p[i]!
    for (let i = 0; i < n; i++) r[i] = r[i]! - alpha * q[i]!
    scale()
    const next = dot(r, z)
    const beta = next / rho
    rho = next
    for (let i = 0; i < n; i++) p[i] = z[i]! + beta * p[i]!
    iterations++
  }
  const done = performance.now()
  return { setup: ready - begun, solve: done - ready, iterations, relativeResidual: relativeResidual(system, x) }
}

function spmv({ count }: Request): Timing {
  const y = new Float64Array(n)
  const begun = performance.now()
  for (let i = 0; i < count; i++) multiply(b, y)
  return { setup: 0, solve: performance.now() - begun, iterations: count, relativeResidual: 0 }
}

const answers: Readonly<Record<string, (request: Request) => Timing>> = { cg, spmv }
await serve(`plain JavaScript, node ${process.versions.node}`, request => answers[request.method]!(request))
