// What the native half needs of the operating system, and how to get it without asking.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const onPath = name =>
  (process.env.PATH ?? '').split(delimiter).some(folder => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return folder !== ''
    } catch {
      return false
    }
  })

const anyOf = names => names.some(onPath)

/** Debian packages whose programs are missing; a build on Windows finds its own compiler. */
export function missingTools() {
  if (process.platform === 'win32') return []
  return [
    ...(process.env.CXX || anyOf(['c++', 'g++', 'clang++']) ? [] : ['g++']),
    ...(anyOf(['make', 'gmake', 'ninja']) ? [] : ['make']),
    ...(onPath('cmake') ? [] : ['cmake']),
  ]
}

const multiarch = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }

/** The Debian package of the BLAS library, where it is missing. It is loaded at run time, by name. */
export function missingBlas() {
  if (process.platform !== 'linux') return []
  const folders = ['/usr/lib64', '/usr/lib', '/usr/local/lib', `/usr/lib/${multiarch[process.arch] ?? 'none'}`]
  const found = folders.some(folder =>
    ['libopenblas.so.0', 'libopenblas.so'].some(name => existsSync(join(folder, name))),
  )
  return found ? [] : ['libopenblas0-pthread']
}

/** Installs Debian packages; returns why not, where that is not possible without asking. */
export function install(packages) {
  if (process.platform !== 'linux' || !onPath('apt-get')) return 'this system has no apt-get'
  const isRoot = process.getuid() === 0
  if (!isRoot && !(onPath('sudo') && run(['sudo', '-n', 'true']))) return 'that needs a password'
  const apt = [...(isRoot ? [] : ['sudo', '-n']), 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq']
  // An update that fails in part may still know the packages.
  run([...apt, 'update'])
  return run([...apt, 'install', '-y', '--no-install-recommends', ...packages]) ? undefined : 'apt-get could not'
}

const run = ([program, ...args]) => spawnSync(program, args, { stdio: 'ignore', timeout: 300_000 }).status === 0
