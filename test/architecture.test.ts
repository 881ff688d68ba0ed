import { describe, expect, it } from 'vitest'
import { preconditioners, solvers } from '../src/methods.ts'
import {
  circles,
  filesBelow,
  folderOf,
  type Import,
  importsOf,
  includesOf,
  reachOf,
  textOf,
} from './support/sources.ts'

/* The rules of ARCHITECTURE.md that a machine can check. Each list of offenders is expected to be empty. */

/** From left to right; a subject imports only what stands left of it, or in its own group: never its neighbour. */
const subjects = [
  ['sparse'],
  ['dense'],
  ['direct'],
  ['precondition'],
  ['krylov'],
  ['relaxation', 'recycle', 'sketch', 'matfun'],
  ['lstsq', 'lowrank'],
  ['completion'],
  ['sequence', 'learned'],
  ['solve'],
  ['batch', 'adjoint'],
]
const rank = (folder: string): number => subjects.findIndex(group => group.includes(folder))
const isSubject = (folder: string): boolean => rank(folder) >= 0
/** What stands beside or above all subjects, and may import any of them. */
const above = ['', 'io', 'cli']

const show = (edges: readonly Import[]): string[] => edges.map(({ from, target }) => `${from} -> ${target}`)

const leftwards = ({ from, target }: Import): boolean =>
  folderOf(from) === folderOf(target) || rank(folderOf(target)) < rank(folderOf(from))

describe('TypeScript', () => {
  const files = filesBelow('src', '.ts')
  const edges = files.flatMap(importsOf)
  const own = edges.filter(({ target }) => target.startsWith('src/'))
  const within = (edge: Import, ...folders: string[]) => folders.includes(folderOf(edge.from))
  const into = (edge: Import, ...folders: string[]) => folders.includes(folderOf(edge.target))

  it('knows every folder', () => {
    const known = [...above, 'core', 'kernels', ...subjects.flat()]
    expect(files.filter(file => !known.includes(folderOf(file)))).toEqual([])
  })

  it('imports leftwards among subjects', () => {
    const wrong = own.filter(edge => isSubject(folderOf(edge.from)) && isSubject(folderOf(edge.target)))
    expect(show(wrong.filter(edge => !leftwards(edge)))).toEqual([])
  })

  it('keeps the core free of subjects, and the kernels of all but core/types', () => {
    const core = own.filter(edge => within(edge, 'core') && !into(edge, 'core', 'kernels'))
    const kernels = own.filter(edge => within(edge, 'kernels') && !into(edge, 'kernels'))
    expect(show(core)).toEqual([])
    expect(show(kernels.filter(({ target }) => target !== 'src/core/types.ts'))).toEqual([])
    expect(show(own.filter(({ from }) => from === 'src/core/types.ts'))).toEqual([])
  })

  it('has nothing below that imports index, methods, io or cli', () => {
    const lower = own.filter(edge => !above.includes(folderOf(edge.from)) && above.includes(folderOf(edge.target)))
    expect(show(lower)).toEqual([])
    expect(show(own.filter(edge => within(edge, 'io') && into(edge, '', 'cli')))).toEqual([])
  })

  it('keeps steps away from the backend, from Node, and from kernels other than their argument', () => {
    const backend = ['backend', 'control', 'drive', 'kernels', 'method', 'native'].map(name => `src/core/${name}.ts`)
    const reached = files
      .filter(file => file.endsWith('.steps.ts'))
      .flatMap(file => [...reachOf(file, edges)].map(target => ({ from: file, target, typeOnly: false })))
    const wrong = reached.filter(
      edge => backend.includes(edge.target) || !edge.target.startsWith('src/') || into(edge, 'kernels'),
    )
    expect(show(wrong)).toEqual([])
  })

  it('loads the addon in one place', () => {
    const loaders = files.filter(file => /node-gyp-build|\.node['"`]|process\.dlopen/.test(textOf(file)))
    expect(loaders).toEqual(['src/core/backend.ts'])
  })

  it('imports index nowhere, and the table of methods only above the subjects', () => {
    expect(show(own.filter(({ from, target }) => target.startsWith('src/index.') && from !== 'src/index.ts'))).toEqual(
      [],
    )
    const users = own.filter(({ target }) => target === 'src/methods.ts')
    expect(show(users.filter(edge => !within(edge, 'cli', '')))).toEqual([])
  })

  it('has no circles', () => {
    expect(circles(own)).toEqual([])
  })
})

describe('C++', () => {
  const files = filesBelow('native', '.cpp', '.hpp', '.inc')
  const edges = files.flatMap(includesOf)
  const own = edges.filter(({ target }) => target.startsWith('native/'))
  const may: Readonly<Record<string, readonly string[]>> = {
    core: ['core'],
    kernels: ['core', 'kernels'],
    border: ['core', 'border'],
  }

  it('includes downwards: addon -> border and subjects -> kernels -> core', () => {
    const wrong = own.filter(({ from, target }) => {
      const [here, there] = [folderOf(from), folderOf(target)]
      if (from === 'native/addon.cpp') return false
      if (here in may) return !may[here]!.includes(there)
      if (here === 'suitesparse') return there !== here
      return !(
        there === 'core' ||
        (here === 'direct' && target === 'native/suitesparse/shim.hpp') ||
        there === 'kernels' ||
        (isSubject(there) && leftwards({ from, target, typeOnly: false }))
      )
    })
    expect(show(wrong)).toEqual([])
    expect(
      files.filter(
        file => !(folderOf(file) in may || isSubject(folderOf(file)) || ['', 'suitesparse'].includes(folderOf(file))),
      ),
    ).toEqual([])
  })

  it('includes Node-API in the border and the module start only', () => {
    const wrong = edges.filter(({ target }) => /^(napi|node_api|js_native_api|uv|v8|node)\b/.test(target))
    expect(show(wrong.filter(({ from }) => folderOf(from) !== 'border' && from !== 'native/addon.cpp'))).toEqual([])
  })

  it('calls SIMD intrinsics in the kernels only', () => {
    const wrong = files.filter(file => /\b_mm\d*_(?!pause)/.test(textOf(file)) && folderOf(file) !== 'kernels')
    expect(wrong).toEqual([])
  })

  it('has no circles', () => {
    expect(circles(own)).toEqual([])
  })
})

describe('every file', () => {
  const cpp = filesBelow('native', '.cpp', '.hpp', '.inc')
  const typescript = ['src', 'test', 'bench', 'examples'].flatMap(folder => filesBelow(folder, '.ts'))
  const all = [...cpp, ...filesBelow('test/native', '.cpp'), ...typescript, ...filesBelow('scripts', '.mjs')]
  const others = all.filter(file => file !== 'test/architecture.test.ts')
  const lines = (file: string, bad: RegExp) =>
    textOf(file)
      .split('\n')
      .flatMap((line, i) => (bad.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : []))

  it('is at most 300 lines long', () => {
    const long = all.filter(file => !file.endsWith('.generated.ts') && textOf(file).split('\n').length > 301)
    expect(long).toEqual([])
  })

  it('has no any, no enum, no default export', () => {
    const bad = /(?::|<|\bas|\|) any\b|<any\b|\bany\[\]|^(?:export )?(?:const )?enum\b|^export default\b/
    expect(typescript.filter(file => file !== 'test/architecture.test.ts').flatMap(file => lines(file, bad))).toEqual(
      [],
    )
  })

  it('leaves nothing to do', () => {
    expect(others.flatMap(file => lines(file, /\b(TODO|FIXME|XXX|HACK)\b/))).toEqual([])
  })

  it('has no folder named utils or helpers', () => {
    expect(all.filter(file => /(^|\/)(utils?|helpers?|misc)(\/|\.)/.test(file))).toEqual([])
  })

  it('is never compiled with -ffast-math', () => {
    const builds = ['CMakeLists.txt', 'package.json', ...filesBelow('scripts', '.mjs')]
    const bad = builds.flatMap(file => lines(file, /^[^#/]*(-ffast-math|-Ofast|-funsafe-math)/))
    expect(bad).toEqual([])
  })
})

describe('every method', () => {
  const generators = filesBelow('src', '.ts').flatMap(file =>
    [...textOf(file).matchAll(/\bbind\('(\w+)', (\w+)\)/g)].map(([, name, steps]) => ({ file, name, steps })),
  )
  const native = filesBelow('native', '.cpp')
  const tests = filesBelow('test', '.test.ts')

  it.each(generators)('$name has its twin', ({ file, name, steps }) => {
    const folder = folderOf(file)
    const imported = importsOf(file).filter(({ target }) => target.endsWith('.steps.ts'))
    const reference = imported.find(({ target }) => textOf(target).includes(`function* ${steps}(`))?.target
    expect(reference).toMatch(new RegExp(`^src/${folder}/`))
    const twins = native.filter(path => textOf(path).includes(`("${name}")`) && textOf(path).includes('expose<'))
    expect(twins).toHaveLength(1)
    expect(folderOf(twins[0]!)).toBe(folder)
  })

  it.each(solvers)('solver $name has its four files', ({ name, subject }) => {
    const paths = [
      `native/${subject}/${name}.cpp`,
      `src/${subject}/${name}.steps.ts`,
      `src/${subject}/${name}.ts`,
      `test/${subject}/${name}.test.ts`,
    ]
    const there = [...native, ...filesBelow('src', '.ts'), ...tests]
    expect(paths.filter(path => !there.includes(path))).toEqual([])
  })

  it.each(preconditioners)('preconditioner $name has its file and a test', ({ name, subject }) => {
    expect(filesBelow('src', '.ts')).toContain(`src/${subject}/${name}.ts`)
    const own = tests.filter(file => /^test\/(precondition|krylov)\//.test(file))
    expect(own.filter(file => new RegExp(`\\b${name}\\b`).test(textOf(file)))).not.toEqual([])
  })
})
