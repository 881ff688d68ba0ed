// The tables that pages may show, each made from a committed result file.
import { results } from './results.mjs'

const who = ({ backend, rival, version, threads }) => {
  if (backend === 'native') return `**krylov**, ${threads} thread${threads > 1 ? 's' : ''}`
  if (backend === 'ts') return 'krylov in TypeScript'
  const unit = rival === 'petsc' ? 'process' : 'thread'
  return `${version ?? rival}, ${threads} ${unit}${threads > 1 ? (unit === 'thread' ? 's' : 'es') : ''}`
}
const short = value => (value === undefined ? '' : String(Number(value.toPrecision(3))))
const percent = value => (value === undefined ? '' : `${Math.round(100 * value)}%`)

const markdown = (header, rows) =>
  [header, header.map((_, j) => (j === 0 ? '---' : '---:')), ...rows]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n')

const onMachine = ({ cpu, cores, l3, node, date }) =>
  `Measured on ${date}: ${cpu}, ${cores} cores, L3 ${l3}, Node ${node.slice(1)}.`

/** One row per contender, one column per problem: milliseconds per iteration, and the share of the read stream. */
function iterations() {
  const { machine, rows } = results('krylov')
  const wanted = rows.filter(row => row.method === 'cg' && (row.backend !== 'ts' || row.against === 1))
  const problems = [...new Set(wanted.map(row => row.problem))]
  const names = [...new Set(wanted.map(who))]
  const cell = (name, problem) => {
    const row = wanted.find(row => row.problem === problem && who(row) === name)
    if (row === undefined) return ''
    return row.absent ? 'absent' : `${short(row.iteration)} ms (${percent(row.ofStream)})`
  }
  const lines = names.map(name => [name, ...problems.map(problem => cell(name, problem))])
  const header = ['CG, time of an iteration (of the read stream)', ...problems]
  return `${markdown(header, lines)}\n\n${onMachine(machine)}`
}

/** Whole solves to a relative residual of 1e-8. */
function solves() {
  const { machine, rows } = results('solve')
  const lines = rows.map(row =>
    row.absent
      ? [row.problem, row.method, who(row), 'absent', '', '', '']
      : [
          row.problem,
          row.method,
          who(row),
          row.iterations,
          short(row.setup),
          short(row.solve),
          row.relativeResidual?.toExponential(1),
        ],
  )
  const header = ['problem', 'method', 'by', 'iterations', 'set-up, ms', 'solve, ms', 'true residual']
  return `${markdown(header, lines)}\n\n${onMachine(machine)}`
}

/** What the border costs. */
function border() {
  const { machine, rows } = results('border')
  const wanted = rows.filter(row => !row.method.startsWith('cg') && row.absent === undefined)
  const value = row => (row.bytes === undefined ? `${short(row.solve)} ms` : `${short(row.bytes / 1e6)} MB`)
  const name = row => `${row.method}${row.threads > 1 ? ` (${row.threads} threads)` : ''}`
  const lines = [...new Set(wanted.map(name))].map(method => {
    const half = backend => wanted.find(row => name(row) === method && row.backend === backend)
    return [method, ...['native', 'ts'].map(backend => (half(backend) ? value(half(backend)) : ''))]
  })
  return `${markdown(['', 'native', 'TypeScript'], lines)}\n\n${onMachine(machine)}`
}

/** `recycle: 'auto'` against both that it chooses from, by counted bytes. */
function recycleAuto() {
  const { machine, rows } = results('recycle-auto')
  const cases = rows.filter(row => row.method.startsWith('auto'))
  const lines = cases.map(auto => {
    const preconditioner = auto.method.slice('auto + '.length)
    const [always, never] = ['always', 'never'].map(arm =>
      rows.find(row => row.problem === auto.problem && row.method === `${arm} + ${preconditioner}`),
    )
    const ratio = at => (auto.charged[at] / Math.min(always.charged[at], never.charged[at])).toFixed(3)
    const products = [always, never, auto].map(row => `${row.iterations}${row.missed ? `, ${row.missed} missed` : ''}`)
    return [auto.problem, preconditioner, ...products, ratio(0), ratio(1)]
  })
  const header = ['sequence', 'preconditioner', 'always', 'never', '`auto`', 'cost of 20', 'of all']
  return `${markdown(header, lines)}\n\n${onMachine(machine)}`
}

const sequences = {
  'a-published': 'a: Darcy flow as published by Wang et al. (2024), sorted',
  'b-darcy': 'b: the same fields, -div(a grad u)',
  'b-darcy-other-sides': 'b with right-hand sides that are not related',
  'c-helmholtz': 'c: Helmholtz, 12 negative eigenvalues',
  'd-convection': 'd: convection, the wind turning by a degree',
  'd-convection-other-sides': 'd with right-hand sides that are not related',
  'e-one-darcy-matrix': 'e: one Darcy matrix, 30 right-hand sides',
}

/** Sequences of 30 systems: products of three methods, and the time of the first against the last. */
function recycle() {
  const { machine, rows } = results('recycle')
  const cold = rows.filter(row => row.method.startsWith('gmres'))
  const lines = cold.map(({ problem, n, method }) => {
    const preconditioner = method.split(' + ')[1]
    const of = name => rows.find(row => row.problem === problem && row.method === `${name} + ${preconditioner}`)
    const all = ['gmres(40)', 'gcrodr(40, 20), cold', 'gcrodr(40, 20)'].map(of)
    const products = all.map(row => `${row.iterations}${row.missed ? `, ${row.missed} missed` : ''}`)
    const [gmres, , gcrodr] = all
    return [sequences[problem.split('_')[0]], n, preconditioner, ...products, (gmres.solve / gcrodr.solve).toFixed(1)]
  })
  const names = ['`gmres`', '`gcrodr`, no space', '`gcrodr`', 'time of `gmres` / `gcrodr`']
  return `${markdown(['sequence', 'unknowns', 'preconditioner', ...names], lines)}\n\n${onMachine(machine)}`
}

/** Dense methods of order 200 and 1000: krylov's time, and everybody else's as a multiple of it. */
function dense() {
  const { machine, rows } = results('dense')
  const methods = ['gemm', 'cholesky', 'lu', 'qr', 'eigh', 'svd']
  const lines = [200, 1000].flatMap(n =>
    methods.map(method => {
      const of = (rival, name = method) =>
        rows.find(row => row.n === n && row.method === name && row.rival === rival && row.threads === 1)
      const times = name => (of(name)?.absent === undefined ? short(of(name)?.ratio) : 'absent')
      const own = of(undefined)
      const direct = of('openblas', `${method}-into`)
      const others = ['scipy dense', 'ml-matrix', 'mathjs'].map(times)
      return [method, n, short(own.iteration ?? own.solve), short(1 / direct.ratio), ...others]
    }),
  )
  const header = ['method', 'n', 'ms', 'of OpenBLAS called directly', '`scipy`', '`ml-matrix`', '`mathjs`']
  return `${markdown(header, lines)}\n\n${onMachine(machine)}`
}

/** `randomizedSvd` and `qrcp`: krylov's time, and the rivals' as multiples of it. */
function lowrank() {
  const { machine, rows } = results('lowrank')
  const lines = rows.map(row => [
    row.problem.replaceAll('_', ' '),
    row.backend
      ? `**krylov** \`${row.method}\`, ${row.threads} thread${row.threads > 1 ? 's' : ''}`
      : `${row.version?.split(' ').slice(0, 2).join(' ') ?? row.rival}, ${row.method}`,
    short(row.solve),
    short(row.ratio),
    row.relativeResidual === undefined ? '' : (1 + row.relativeResidual).toFixed(3),
  ])
  return `${markdown(['matrix', 'by', 'ms', 'ratio', 'error, of the best'], lines)}\n\n${onMachine(machine)}`
}

/** Square roots of batches and their gradients: times of one matrix. */
function matfun() {
  const { machine, rows } = results('matfun')
  const wanted = rows.filter(row => / x |^general|^samples/.test(row.problem) && row.solve !== undefined)
  const named = row => row.method.replace('?', ', root alone').replace('pade+8', 'MPA and 8 steps')
  const lines = wanted.map(row => [
    row.problem.replace('_', ' '),
    named(row),
    who(row),
    row.setup > 0 ? short(row.setup) : '',
    short(row.solve),
    short(row.ratio),
  ])
  const header = ['problem x batch', 'method', 'by', 'root, ms', 'all, ms', 'time / that of the first']
  return `${markdown(header, lines)}\n\n${onMachine(machine)}`
}

const percentOf = ({ relativeResidual }) => `${Math.round(100 * relativeResidual)}%`

/** How often 100 x 120 matrices of rank 3 are recovered. */
function phase() {
  const { machine, rows } = results('completion')
  const wanted = rows.filter(({ problem }) => problem.startsWith('phase'))
  const lines = [...new Set(wanted.map(({ problem }) => problem))].map(problem => {
    const [, oversampling, , kappa] = problem.split('_')
    const of = method => wanted.find(row => row.problem === problem && row.method.startsWith(method))
    const both = ['als', 'gnmr'].map(of)
    return [oversampling, kappa, ...both.map(percentOf), ...both.map(({ solve }) => short(solve))]
  })
  const header = ['entries / freedom', 'condition', '`als`', '`gnmr`', '`als`, ms', '`gnmr`, ms']
  return `${markdown(header, lines)}\n\n${onMachine(machine)}`
}

/** Sweeps: time over entries and rank, and against NumPy. */
function sweeps() {
  const { machine, rows } = results('completion')
  const wanted = rows.filter(({ problem }) => problem.startsWith('sweep_'))
  const lines = wanted.map(row => {
    const { problem, method, n, nnz, solve, ratio } = row
    const name = row.backend ? `**krylov** \`${method}\`, ${threadsOf(row)}` : `${row.version ?? row.rival}, by rows`
    const rank = problem.split('_').at(-1)
    const rate = row.backend && method === 'als' ? short((2 * nnz * rank ** 2) / solve / 1e6) : ''
    return [`${n} x ${n}`, nnz, rank, name, short(solve), rate, ratio === undefined ? '' : short(ratio)]
  })
  const header = ['matrix', 'entries', 'rank', 'by', 'ms', 'GF/s', 'ratio']
  return `${markdown(header, lines)}\n\n${onMachine(machine)}`
}

const threadsOf = ({ threads }) => `${threads} thread${threads > 1 ? 's' : ''}`

/** Errors on test ratings. */
function ratings() {
  const { machine, rows } = results('completion')
  const wanted = rows.filter(({ problem }) => ['ml-latest-small', 'jester5k'].includes(problem))
  const lines = wanted.map(row => [
    row.problem,
    row.backend ? '**krylov**' : 'soft-impute in NumPy, chosen by the test entries',
    row.method,
    row.relativeResidual?.toFixed(4) ?? 'absent',
    short(row.solve),
  ])
  return `${markdown(['ratings', 'by', 'chosen', 'error', 'ms of the fit'], lines)}\n\n${onMachine(machine)}`
}

function qrcp() {
  const { machine, rows } = results('qrcp')
  const lines = rows.map(row => [
    row.problem.replaceAll('_', ' '),
    row.backend
      ? `**krylov** \`qrcp\`${row.method.slice('qrcp'.length)}, ${row.threads} thread${row.threads > 1 ? 's' : ''}`
      : `${row.version?.split(' ').slice(0, 2).join(' ') ?? row.rival}, ${row.method}`,
    short(row.solve),
    short(row.ratio),
  ])
  return `${markdown(['matrix', 'by', 'ms', 'ratio'], lines)}\n\n${onMachine(machine)}`
}

export const tables = {
  iterations,
  solves,
  border,
  recycle,
  'recycle-auto': recycleAuto,
  dense,
  lowrank,
  qrcp,
  phase,
  sweeps,
  ratings,
  matfun,
}
