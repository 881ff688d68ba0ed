// Installs the rivals of the benchmarks where that is allowed, and compiles their drivers into .cache/rivals.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const packages = [
  'g++',
  'pkg-config',
  'libeigen3-dev',
  'petsc-dev',
  'libopenmpi-dev',
  'openmpi-bin',
  'libhypre-dev',
  'libsuitesparse-dev',
  'libopenblas-dev',
  'libtrilinos-belos-dev',
  'libtrilinos-teuchos-dev',
  'libtrilinos-epetra-dev',
  'libtrilinos-kokkos-dev',
]
const scripts = ['ml-matrix@6', 'mathjs@14'] // for dense matrices, beside the compiled rivals

const works = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0
const output = (command, ...args) => execFileSync(command, args, { encoding: 'utf8' }).trim()

function install() {
  const wanted = [
    ...packages,
    ...['scipy', 'sklearn'].flatMap(name => (works('python3', '-c', `import ${name}`) ? [] : [`python3-${name}`])),
  ]
  const missing = wanted.filter(name => !works('dpkg', '-s', name))
  if (missing.length === 0) return
  const prefix = process.getuid?.() === 0 ? [] : works('sudo', '-n', 'true') ? ['sudo', '-n'] : undefined
  if (prefix === undefined || !works('apt-get', '--version')) {
    console.log(`not installed, and not allowed to: ${missing.join(' ')}`)
    return
  }
  const apt = (...args) => {
    const [command, ...rest] = [...prefix, 'apt-get', ...args]
    spawnSync(command, rest, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  }
  apt('update', '-qq')
  for (const name of missing) apt('install', '-y', '-qq', '--no-install-recommends', name)
}

const from = name => `bench/rivals/${name}.cpp`
const to = name => `.cache/rivals/${name}`
const flags = ['-std=c++20', '-O3', '-march=native', '-DNDEBUG']
const library = name => {
  const known = ['--cflags', '--libs'].flatMap(option =>
    output('pkg-config', option, name).split(/\s+/).filter(Boolean),
  )
  return known.map(flag => flag.replace(/^-I/, '-isystem'))
}
// Debian's, whose run-time package has no name to link by.
const openblas = () => {
  const folder = '/usr/lib/x86_64-linux-gnu/openblas-pthread'
  return existsSync(`${folder}/libopenblas.so.0`) ? [`${folder}/libopenblas.so.0`] : ['-lopenblas']
}
const builds = {
  stream: () => ['g++', ...flags, from('stream'), '-pthread', '-o', to('stream')],
  eigen: () => ['g++', ...flags, '-fopenmp', from('eigen'), ...library('eigen3'), '-o', to('eigen')],
  cholmod: () => [
    'g++',
    ...flags,
    '-isystem',
    '/usr/include/suitesparse',
    from('cholmod'),
    '-lcholmod',
    '-o',
    to('cholmod'),
  ],
  belos: () => [
    'mpicxx',
    ...flags,
    '-isystem',
    '/usr/include/trilinos',
    from('belos'),
    ...['belosepetra', 'belos', 'epetra', 'teuchosnumerics', 'teuchoscomm', 'teuchosparameterlist', 'teuchoscore'].map(
      name => `-ltrilinos_${name}`,
    ),
    '-o',
    to('belos'),
  ],
  dense: () => ['g++', ...flags, from('dense'), ...openblas(), '-o', to('dense')],
  lapack: () => ['g++', ...flags, from('lapack'), ...openblas(), '-o', to('lapack')],
  petsc: () => ['mpicxx', ...flags, from('petsc'), ...library('PETSc'), '-o', to('petsc')],
  petsc_sor: () => ['mpicxx', ...flags, from('petsc_sor'), ...library('PETSc'), '-o', to('petsc_sor')],
}

function compile() {
  mkdirSync(new URL('../.cache/rivals', import.meta.url), { recursive: true })
  for (const [name, build] of Object.entries(builds)) {
    try {
      const [command, ...args] = build()
      execFileSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
    } catch (error) {
      console.log(
        `${name}: absent (${
          String(error.stderr || error.message)
            .trim()
            .split('\n')
            .find(line => line.includes('error')) ?? ''
        })`,
      )
    }
  }
  console.log(`ready: ${readdirSync(new URL('../.cache/rivals', import.meta.url)).join(' ')}`)
}

function installScripts() {
  const folder = fileURLToPath(new URL('../.cache/rivals', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', ...scripts]
  spawnSync('npm', args, { stdio: 'inherit' })
}

if (!process.argv.includes('--compile')) {
  install()
  installScripts()
}
compile()
