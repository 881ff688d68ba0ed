import { type Command, exit } from './command.ts'

/** `krylov info` */
export const infoCommand: Command = {
  shape: {
    name: 'info',
    summary: 'Shows what a matrix is like: size, symmetry, dominance, bandwidth, extreme eigenvalues, pattern.',
    operands: ['A.mtx'],
    options: { report: { value: 'report.html', help: 'write the same, with the pattern drawn finer, as a page' } },
    notes: () =>
      'Bandwidths are given as stored and after reverse Cuthill-McKee. Eigenvalues are estimated by 500 CG steps.',
  },
  async run(args, terminal) {
    const file = args.operands[0]!
    terminal.progress(`reading ${file}`)
    const { readMatrix } = await import('./system.ts')
    const A = await readMatrix(file)
    const { examineMatrix } = await import('./examine.ts')
    const matrix = await examineMatrix(A, terminal.progress)
    const { infoPage, infoText } = await import('./info-show.ts')
    const path = args.text('report')
    const plotless = path === undefined ? undefined : await infoPage(path, file, A, matrix)
    const extra = { report: path ?? null, ...(plotless !== undefined && { plotless }) }
    if (args.has('json')) terminal.print(JSON.stringify({ file, ...matrix, ...extra }, null, 2))
    else terminal.print([infoText(file, A, matrix), path && `report: ${path}`, plotless].filter(Boolean).join('\n'))
    return exit.solved
  },
}
