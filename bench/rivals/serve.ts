import { fstatSync, openSync, readSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Timing } from '../contender.ts'

export interface System {
  readonly n: number
  readonly values: Float64Array
  readonly b: Float64Array
  readonly rowPointers: Int32Array
  readonly columnIndices: Int32Array
}

/** Reads a system file (see problems.ts) onto shared memory. */
export const readSystem = (file: string): System => read(openSync(file, 'r'))

/** Reads the systems of a sequence. */
export function readSystems(file: string): readonly System[] {
  const descriptor = openSync(file, 'r')
  const systems: System[] = []
  for (let left = fstatSync(descriptor).size; left > 0; ) {
    const system = read(descriptor)
    const { values, b, rowPointers, columnIndices } = system
    left -= 8 + values.byteLength + b.byteLength + rowPointers.byteLength + columnIndices.byteLength
    systems.push(system)
  }
  return systems
}

function read(descriptor: number): System {
  const fill = <T extends Int32Array | Float64Array>(part: T): T => {
    const bytes = new Uint8Array(part.buffer)
    for (let at = 0; at < bytes.length; ) at += readSync(descriptor, bytes, at, bytes.length - at, null)
    return part
  }
  const [n = 0, nnz = 0] = fill(new Int32Array(2))
  return {
    n,
    values: fill(new Float64Array(new SharedArrayBuffer(8 * nnz))),
    b: fill(new Float64Array(new SharedArrayBuffer(8 * n))),
    rowPointers: fill(new Int32Array(new SharedArrayBuffer(4 * (n + 1)))),
    columnIndices: fill(new Int32Array(new SharedArrayBuffer(4 * nnz))),
  }
}

/** ||b - A x|| / ||b|| */
export function relativeResidual({ n, values, b, rowPointers, columnIndices }: System, x: Float64Array): number {
  let rr = 0
  let bb = 0
  for (let i = 0; i < n; i++) {
    let r = b[i]!
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) r -= values[k]! * x[columnIndices[k]!]!
    rr += r * r
    bb += b[i]! * b[i]!
  }
  return Math.sqrt(rr / bb)
}

/** What a line asks for. */
export interface Request {
  readonly method: string
  readonly preconditioner: string
  readonly rtol: number
  readonly count: number
}

/** Answers `method preconditioner rtol count` lines until stdin ends. */
export async function serve(version: string, answer: (request: Request) => Timing): Promise<void> {
  const print = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)
  print({ version })
  for await (const line of createInterface(process.stdin)) {
    const [method = '', preconditioner = 'none', rtol, count] = line.split(' ')
    print(answer({ method, preconditioner, rtol: Number(rtol), count: Number(count) }))
  }
}
