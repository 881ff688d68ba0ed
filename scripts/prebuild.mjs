// Builds the addon into prebuilds/<platform>-<arch>/ under the name node-gyp-build looks for, stripped. `npm run build`
// must not run it, though npm takes its name for a hook of that script: .npmrc turns hooks off.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root } from './stamp.mjs'

const require = createRequire(import.meta.url)
const bin = join(require.resolve('prebuildify/package.json'), '..', 'bin.js')
const compiler = join(root, 'scripts', 'node-gyp.mjs')
execFileSync(
  process.execPath,
  [bin, '--napi', '--strip', '--tag-libc', '--node-gyp', compiler, ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
  },
)

// prebuildify moves the file out of the build folder, where the checkout's own tests look first.
const made = join(root, 'prebuilds', `${process.platform}-${process.arch}`)
const file = readdirSync(made).find(name => name.endsWith('.node'))
mkdirSync(join(root, 'build/Release'), { recursive: true })
const target = join(root, 'build/Release/krylov.node')
// Written aside and renamed: a process that has the old file mapped keeps it.
rmSync(`${target}.new`, { force: true })
copyFileSync(join(made, file), `${target}.new`)
renameSync(`${target}.new`, target)
