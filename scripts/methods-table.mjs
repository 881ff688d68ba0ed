/*
 * Writes the table of methods into README.md, between its markers, from src/methods.ts; with --check, fails where the
 * text differs.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { tsImport } from 'tsx/esm/api'

process.env.KRYLOV_BACKEND = 'ts'
const { solvers, preconditioners } = await tsImport('../src/methods.ts', import.meta.url)

const tags = { spd: 'positive definite', semidefinite: 'semidefinite', indefinite: 'indefinite' }
const plural = (n, what) => (n === 1 ? what : n === 0 ? '' : `${n} ${what}`)
const kept = ({ n, upper }) => [plural(n, 'n'), plural(upper, 'upper')].filter(Boolean).join(' + ') || '0'
const table = (header, rows) =>
  [header, header.map((_, j) => (j === 0 ? '---' : '---:')), ...rows]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n')

const text = [
  table(
    ['solver', 'symmetric A may be', 'workspace, doubles', 'traffic per iteration, bytes'],
    solvers.map(({ name, accepts, workspace: [plain, preconditioned], traffic }) => [
      `[\`${name}\`](docs/krylov.md)`,
      accepts.map(tag => tags[tag]).join(', '),
      plain === preconditioned ? `${plain} n` : `${plain} n, preconditioned ${preconditioned} n`,
      `A + ${traffic} n`,
    ]),
  ),
  table(
    ['preconditioner', 'keeps, doubles'],
    preconditioners.map(({ name, memory }) => [`[\`${name}\`](docs/preconditioners.md)`, kept(memory)]),
  ),
].join('\n\n')

const page = new URL('../README.md', import.meta.url)
const before = readFileSync(page, 'utf8')
const after = before.replace(
  /(<!-- methods -->\n)[\s\S]*?(<!-- \/methods -->)/,
  (_, open, close) => `${open}${text}\n${close}`,
)
if (process.argv.includes('--check')) {
  if (before !== after || !before.includes('<!-- methods -->')) {
    console.error('README.md: the table of methods differs from src/methods.ts; node scripts/methods-table.mjs')
    process.exitCode = 1
  }
} else writeFileSync(page, after)
