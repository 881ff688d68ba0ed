import { backend } from '../core/backend.ts'
import { type Command, exit } from './command.ts'

/** `krylov backend` */
export const backendCommand: Command = {
  shape: {
    name: 'backend',
    summary: 'Says which half computes, native or TypeScript, and on what.',
    operands: [],
    options: {},
    notes: () => 'KRYLOV_BACKEND=native|ts|auto chooses; KRYLOV_THREADS sets the threads.',
  },
  async run(args, terminal) {
    const report = backend()
    const { name, simd, blas, blasVersion, threads, missing, reason } = report
    const text = [
      `backend: ${name}`,
      `instructions: ${simd}`,
      `BLAS: ${blas ?? 'none found'}${blasVersion === null ? '' : ` (${blasVersion})`}`,
      `threads: ${threads}`,
      ...(missing.length === 0 ? [] : [`answered by TypeScript: ${missing.join(', ')}`]),
      ...(reason === undefined ? [] : [`native is not in use: ${reason}`]),
    ].join('\n')
    terminal.print(args.has('json') ? JSON.stringify(report, null, 2) : text)
    return exit.solved
  },
}
