// Checks what `npm pack` would publish: the bundle, the binaries and three pages, and no script that runs at install.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { scripts, gypfile, bin } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm']
const [program, ...before] = npm
const listed = execFileSync(program, [...before, 'pack', '--dry-run', '--json', '--ignore-scripts'], {
  cwd: root,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
})
const files = JSON.parse(listed)[0].files.map(({ path }) => path)

const wanted = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'dist/index.js', 'dist/types/index.d.ts']
const allowed = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
  /^dist\/(THIRD-PARTY\.txt|.*\.(js|js\.map|d\.ts))$/,
  /^prebuilds\/[\w-]+\/[\w.-]+\.node$/,
]
const wrong = [
  ...[...wanted, ...Object.values(bin).map(path => path.replace('./', ''))]
    .filter(path => !files.includes(path))
    .map(path => `missing: ${path}`),
  ...files.filter(path => !allowed.some(pattern => pattern.test(path))).map(path => `not to be published: ${path}`),
  ...['preinstall', 'install', 'postinstall', 'prepare']
    .filter(name => scripts[name] !== undefined)
    .map(name => `a script would run at install: ${name}`),
  ...(gypfile === false ? [] : ['"gypfile" must be false, or npm compiles at install']),
]
for (const line of wrong) console.error(line)
if (wrong.length > 0) process.exitCode = 1
if (!files.some(path => path.startsWith('prebuilds/')))
  console.log('no binaries yet: npm run prebuild before publishing')
