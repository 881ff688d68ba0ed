import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Contender, type Launch, start } from './contender.ts'
import type { Case } from './row.ts'

/** Who can be asked to solve a system. */
export type Name =
  | 'krylov'
  | 'krylov csr'
  | 'krylov runs'
  | 'krylov sell'
  | 'krylov ts'
  | 'plain js'
  | 'scipy'
  | 'eigen'
  | 'petsc'
  | 'petsc_sor'
  | 'cholmod'
  | 'krylov sequence'
  | 'gcrotmk'
  | 'belos'
  | 'krylov lstsq'
  | 'lapack'
  | 'numpy'
  | 'krylov dense'
  | 'openblas'
  | 'scipy dense'
  | 'ml-matrix'
  | 'mathjs'
  | 'krylov lowrank'
  | 'krylov matfun'
  | 'krylov matfun ts'
  | 'numpy eigh'
  | 'scipy sqrtm'
  | 'sklearn'
  | 'krylov completion'
  | 'numpy als'
  | 'soft-impute'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const compiled = (name: string): string => here(`../.cache/rivals/${name}`)
const script = (name: string): readonly string[] => [process.execPath, '--import', 'tsx', here(`rivals/${name}.ts`)]

const works = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0

type Command = (threads: number) => Omit<Launch, 'name' | 'threads'>

/** krylov's own half, with the plan that its rule chooses or with this one. */
const own =
  (plan = ''): Command =>
  threads => ({
    command: script('krylov'),
    environment: { KRYLOV_BACKEND: 'native', KRYLOV_THREADS: String(threads), KRYLOV_BENCH_PLAN: plan },
  })

const commands: Readonly<Record<Name, Command>> = {
  krylov: own(),
  'krylov csr': own('csr'),
  'krylov runs': own('runs'),
  'krylov sell': own('sell'),
  'krylov ts': () => ({ command: script('krylov'), environment: { KRYLOV_BACKEND: 'ts' } }),
  'plain js': () => ({ command: script('plain-js') }),
  scipy: () => ({ command: [python(), here('rivals/scipy_cg.py')], environment: { OMP_NUM_THREADS: '1' } }),
  eigen: threads => ({ command: [compiled('eigen')], environment: { OMP_NUM_THREADS: String(threads) } }),
  cholmod: threads => ({
    command: [compiled('cholmod')],
    environment: { OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) },
  }),
  'krylov sequence': threads => ({
    command: script('sequence'),
    environment: { KRYLOV_BACKEND: 'native', KRYLOV_THREADS: String(threads) },
  }),
  gcrotmk: threads => ({
    command: [python(), here('rivals/gcrotmk.py')],
    environment: { OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) },
  }),
  belos: threads => ({
    command: [compiled('belos')],
    environment: { OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) },
  }),
  'krylov lstsq': threads => ({
    command: script('lstsq'),
    environment: { KRYLOV_BACKEND: 'native', KRYLOV_THREADS: String(threads) },
  }),
  lapack: () => ({ command: [compiled('lapack')], environment: { OPENBLAS_NUM_THREADS: '1' } }),
  numpy: () => ({ command: [python(), here('rivals/numpy_lstsq.py')], environment: { OPENBLAS_NUM_THREADS: '1' } }),
  'krylov dense': threads => ({
    command: script('dense'),
    environment: { KRYLOV_BACKEND: 'native', KRYLOV_THREADS: String(threads) },
  }),
  openblas: () => ({ command: [compiled('dense')], environment: { OPENBLAS_NUM_THREADS: '1' } }),
  'scipy dense': () => ({
    command: [python(), here('rivals/dense_scipy.py')],
    environment: { OPENBLAS_NUM_THREADS: '1' },
  }),
  'ml-matrix': () => ({ command: [...script('dense-js'), 'ml-matrix'] }),
  mathjs: () => ({ command: [...script('dense-js'), 'mathjs'] }),
  'krylov lowrank': threads => ({
    command: script('lowrank'),
    environment: { KRYLOV_BACKEND: 'native', KRYLOV_THREADS: String(threads) },
  }),
  'krylov matfun': threads => ({
    command: script('matfun'),
    environment: { KRYLOV_BACKEND: 'native', KRYLOV_THREADS: String(threads) },
  }),
  'krylov matfun ts': () => ({ command: script('matfun'), environment: { KRYLOV_BACKEND: 'ts' } }),
  'numpy eigh': threads => ({
    command: [python('numpy'), here('rivals/matfun_numpy.py')],
    environment: { OPENBLAS_NUM_THREADS: String(threads) },
  }),
  'scipy sqrtm': threads => ({
    command: [python(), here('rivals/matfun_numpy.py')],
    environment: { OPENBLAS_NUM_THREADS: String(threads) },
  }),
  sklearn: threads => ({
    command: [python('sklearn'), here('rivals/sklearn_svd.py')],
    environment: { OPENBLAS_NUM_THREADS: String(threads) },
  }),
  'krylov completion': threads => ({
    command: script('completion'),
    environment: { KRYLOV_BACKEND: 'native', KRYLOV_THREADS: String(threads) },
  }),
  'numpy als': threads => ({
    command: [python('numpy'), here('rivals/als_numpy.py')],
    environment: { OPENBLAS_NUM_THREADS: String(threads) },
  }),
  'soft-impute': threads => ({
    command: [python(), here('rivals/soft_impute.py')],
    environment: { OPENBLAS_NUM_THREADS: String(threads) },
  }),
  petsc_sor: () => ({ command: [compiled('petsc_sor')] }),
  petsc: ranks => ({ command: ranks > 1 ? [...mpirun(ranks), compiled('petsc')] : [compiled('petsc')] }),
}

/** Those that compute on one thread, whatever they are given. */
export const isSerial = (name: Name): boolean => ['krylov ts', 'plain js', 'scipy', 'petsc_sor'].includes(name)

/** The Python that has a package. */
export const python = (library = 'scipy'): string =>
  works('python3', '-c', `import ${library}`) ? 'python3' : '/usr/bin/python3'

const mpirun = (ranks: number): readonly string[] => {
  const root = process.getuid?.() === 0 ? ['--allow-run-as-root'] : []
  return ['mpirun', ...root, '--oversubscribe', '-np', String(ranks)]
}

export const asCase = (name: Name): Pick<Case, 'backend' | 'rival'> => {
  if (name === 'krylov ts' || name === 'krylov matfun ts') return { backend: 'ts' }
  return name.startsWith('krylov') ? { backend: 'native' } : { rival: name }
}

/** Starts a contender on a system file; a string says why it is absent. */
export async function enter(name: Name, threads: number, file: string, realtime: boolean): Promise<Contender | string> {
  const { command, environment = {} } = commands[name](threads)
  const program = command.at(-1)!
  const built = ['eigen', 'petsc', 'petsc_sor', 'cholmod', 'belos', 'lapack', 'openblas']
  if (built.includes(name) && !existsSync(program)) return 'not built: npm run bench:setup'
  try {
    return await start({ name, threads, command: [...command, file], environment, realtime })
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The machine's limits as a contender: built on first use, needs a C++ compiler. */
export async function enterStream(realtime: boolean): Promise<Contender> {
  if (!existsSync(compiled('stream'))) execFileSync(process.execPath, [here('../scripts/bench-setup.mjs'), '--compile'])
  return await start({ name: 'stream', threads: 0, command: [compiled('stream')], realtime })
}
