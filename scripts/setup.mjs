// Sets up what is missing: node packages, compiler and BLAS, the addon, the bundle. Plain Node: it runs before
// node_modules exists. With --test, what is wrong with the native half is written down for scripts/test.mjs.
import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, openSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { cache, hashOf, readCache, root, writeCache } from './stamp.mjs'
import { install, missingBlas, missingTools } from './system-packages.mjs'

const STAMP = 'stamp.json'
const RETRY = 3_600_000 // milliseconds before a package manager that failed is asked again
const done = readCache(STAMP)

const say = text => process.stderr.write(`set-up: ${text}\n`)
const remember = facts => writeCache(STAMP, Object.assign(done, facts))
const node = (script, stdio = ['ignore', 2, 2]) =>
  spawnSync(process.execPath, [join(root, 'scripts', script)], { cwd: root, stdio }).status === 0

function nodePackages() {
  const modules = lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })
  if (modules?.isSymbolicLink()) return
  const lock = hashOf('package-lock.json')
  const installed = statSync(join(root, 'node_modules/.package-lock.json'), { throwIfNoEntry: false })
  const current = done.packages === lock || installed?.mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
  if (installed === undefined || !current) {
    say('installing the node packages')
    // npm ci refuses a lock file that is not whole, at length; what then fails says why.
    if (!npm('ci', 'ignore') && !npm('install', 2)) fail('npm could not install the node packages: see above')
  }
  if (done.packages !== lock) remember({ packages: lock })
}

function npm(command, errors) {
  const { npm_execpath: own } = process.env
  const [program, ...before] = own?.includes('npm-cli') ? [process.execPath, own] : ['npm']
  const args = [...before, command, '--no-audit', '--no-fund', '--loglevel=error']
  const shell = process.platform === 'win32' && program === 'npm'
  return spawnSync(program, args, { cwd: root, stdio: ['ignore', errors, errors], shell }).status === 0
}

/** Builds the addon where it is missing or old; returns why it is missing, where it is. */
function nativeHalf() {
  const sources = hashOf('native', 'CMakeLists.txt', 'scripts/build-native.mjs', 'package-lock.json')
  const current = done.native === sources && existsSync(join(root, 'build/Release/krylov.node'))
  const needed = () => (current ? [] : missingTools())
  const refusal = installPackages([...needed(), ...missingBlas()])
  const tools = needed()
  if (tools.length > 0)
    return `${tools.join(', ')} missing, and ${refusal}: install a C++20 compiler, make and cmake, which the native half is built with (Debian: apt-get install ${tools.join(' ')})`
  if (missingBlas().length > 0)
    say(`no OpenBLAS, and ${refusal}: install it (Debian: apt-get install libopenblas0-pthread) for fast dense algebra`)
  return current ? null : build(sources)
}

/** Asks the package manager, but not over and over for what it did not give. */
function installPackages(packages) {
  if (packages.length === 0) return undefined
  const wanted = packages.join(' ')
  if (done.refused?.wanted === wanted && Date.now() - done.refused.at < RETRY) return done.refused.why
  say(`system packages: ${wanted}`)
  const why = install(packages)
  remember({ refused: why === undefined ? undefined : { wanted, why, at: Date.now() } })
  return why
}

function build(sources) {
  say('compiling the native half')
  mkdirSync(cache, { recursive: true })
  const path = join(cache, 'build-native.log')
  const log = openSync(path, 'w')
  if (!node('build-native.mjs', ['ignore', log, log]))
    return `the native half did not compile: see ${relative(root, path)}; it needs a C++20 compiler such as g++ 11`
  remember({ native: sources })
  return null
}

function bundle() {
  const sources = hashOf('src', 'scripts/build.mjs', 'tsconfig.json', 'tsconfig.build.json', 'package.json')
  if (done.dist === sources && existsSync(join(root, 'dist/cli.js'))) return
  say('bundling')
  if (!node('build.mjs')) fail('the bundle was not made: see above')
  remember({ dist: sources })
}

function fail(text) {
  say(text)
  process.exit(1)
}

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 10)) fail(`node 20.10 or later is needed, this is ${process.version}`)

nodePackages()
const nativeMissing = process.env.KRYLOV_BACKEND === 'ts' ? null : nativeHalf()
if (nativeMissing !== null) say(`${nativeMissing}; TypeScript computes instead`)
bundle()
if (process.argv.includes('--test')) writeCache('setup.json', { nativeMissing })
