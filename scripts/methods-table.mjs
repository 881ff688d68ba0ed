/*
 * Writes the tables of methods into README.md and docs/solve.md, between their markers, from the sources; with --check,
 * fails where the text differs.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { tsImport } from 'tsx/esm/api'

process.env.KRYLOV_BACKEND = 'ts'
const { solvers, preconditioners, leastSquares, direct } = await tsImport('../src/methods.ts', import.meta.url)
const { matrixMethods } = await tsImport('../src/matrix-methods.ts', import.meta.url)

const tags = {
  spd: 'positive definite',
  semidefinite: 'semidefinite',
  indefinite: 'indefinite',
  nonsymmetric: 'not symmetric',
}
const plural = (n, what) => (n === 1 ? what : n === 0 ? '' : `${n} ${what}`)
const kept = ({ n, upper }) => [plural(n, 'n'), plural(upper, 'upper')].filter(Boolean).join(' + ') || '0'
const table = (header, rows) =>
  [header, header.map((_, j) => (j === 0 ? '---' : '---:')), ...rows]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n')

const text = [
  table(
    ['solver', 'A may be', 'workspace, doubles', 'traffic per iteration, bytes'],
    solvers.map(({ name, subject, accepts, workspace: [plain, preconditioned], products = 1, traffic }) => [
      `[\`${name}\`](docs/${subject === 'recycle' ? 'recycling' : subject}.md)`,
      accepts.map(tag => tags[tag]).join(', '),
      plain === preconditioned ? `${plain} n` : `${plain} n, preconditioned ${preconditioned} n`,
      `${plural(products, 'A')} + ${traffic} n`,
    ]),
  ),
  table(
    ['preconditioner', 'keeps, doubles'],
    preconditioners.map(({ name, memory }) => [`[\`${name}\`](docs/preconditioners.md)`, kept(memory)]),
  ),
  table(
    ['least squares, m x n', 'workspace, doubles'],
    leastSquares.map(({ name, workspace: [m, n] }) => [`[\`${name}\`](docs/krylov.md)`, `${m} m + ${n} n`]),
  ),
  table(
    ['direct, and as a preconditioner', 'A may be'],
    direct.map(({ name, accepts }) => [`[\`${name}\`](docs/direct.md)`, accepts]),
  ),
  table(
    ['of a matrix, m x n', 'A may be', 'gives', 'flops'],
    matrixMethods.map(({ name, subject, accepts, gives, flops }) => [
      `[\`${name}\`](docs/${subject}.md)`,
      accepts === 'definite' ? tags.spd : accepts,
      gives,
      flops,
    ]),
  ),
].join('\n\n')

const { rungs } = await tsImport('../src/solve/rungs.ts', import.meta.url)
const ladder = table(
  ['method', 'for'],
  rungs.map(({ method, suits }) => [method, suits]),
)

for (const [file, mark, inside] of [
  ['README.md', 'methods', text],
  ['docs/solve.md', 'rungs', ladder.replaceAll('---:', '---')],
]) {
  const page = new URL(`../${file}`, import.meta.url)
  const before = readFileSync(page, 'utf8')
  const after = before.replace(
    new RegExp(`(<!-- ${mark} -->\\n)[\\s\\S]*?(<!-- /${mark} -->)`),
    (_, open, close) => `${open}${inside}\n${close}`,
  )
  if (!process.argv.includes('--check')) writeFileSync(page, after)
  else if (before !== after || !before.includes(`<!-- ${mark} -->`)) {
    console.error(`${file}: the table of ${mark} differs from the sources; node scripts/methods-table.mjs`)
    process.exitCode = 1
  }
}
