import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Paths, relative to the checkout, of the files below `folder` that end in one of `endings`. */
export function filesBelow(folder: string, ...endings: string[]): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && endings.some(ending => entry.name.endsWith(ending)))
    .map(entry => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
}

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')

/** One import: `target` is a path relative to the checkout, or the name of a package. */
export interface Import {
  readonly from: string
  readonly target: string
  /** Whether it is gone when the types are. */
  readonly typeOnly: boolean
}

const TS_IMPORT =
  /^(?:import|export)\b(?<clause>[^;'"]*?)from '(?<path>[^']+)'|^import '(?<bare>[^']+)'|\bimport\('(?<lazy>[^']+)'\)/gm

/** The imports of a TypeScript file, `import()` and re-exports included. */
export function importsOf(path: string): Import[] {
  return [...textOf(path).matchAll(TS_IMPORT)].map(({ groups }) => {
    const spec = (groups!.path ?? groups!.bare ?? groups!.lazy)!
    const clause = groups!.clause ?? ''
    const names =
      /\{([^}]*)\}/
        .exec(clause)?.[1]
        ?.split(',')
        .map(name => name.trim()) ?? []
    const typeOnly =
      /^\s*type\b/.test(clause) || (names.length > 0 && names.every(name => name === '' || name.startsWith('type ')))
    return { from: path, target: spec.startsWith('.') ? join(dirname(path), spec) : spec, typeOnly }
  })
}

const INCLUDE = /^#include (?:"(?<own>[^"]+)"|<(?<system>[^>]+)>)/gm

/** The includes of a C++ file. */
export function includesOf(path: string): Import[] {
  return [...textOf(path).matchAll(INCLUDE)].map(({ groups }) => {
    const { own, system } = groups!
    const target = own === undefined ? system! : own.includes('/') ? join('native', own) : join(dirname(path), own)
    return { from: path, target, typeOnly: false }
  })
}

/** The subject folder of a file: `'krylov'` for src/krylov/cg.ts, `''` for src/index.ts. */
export const folderOf = (path: string): string => path.split('/').slice(1, -1)[0] ?? ''

/** The circles in a graph of files, each as the path that closes it; empty where there is none. */
export function circles(edges: readonly Import[]): string[] {
  const next = new Map<string, string[]>()
  for (const { from, target } of edges) next.set(from, [...(next.get(from) ?? []), target])
  const found: string[] = []
  const done = new Set<string>()
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) found.push([...trail.slice(trail.indexOf(file)), file].join(' -> '))
    if (done.has(file) || trail.includes(file)) return
    for (const target of next.get(file) ?? []) visit(target, [...trail, file])
    done.add(file)
  }
  for (const file of next.keys()) visit(file, [])
  return found
}

/** What a file reaches by imports that are there at run time: files and packages. */
export function reachOf(path: string, edges: readonly Import[]): Set<string> {
  const reached = new Set<string>()
  const open = [path]
  for (let file = open.pop(); file !== undefined; file = open.pop())
    for (const { from, target, typeOnly } of edges)
      if (from === file && !typeOnly && !reached.has(target)) {
        reached.add(target)
        if (extname(target) !== '') open.push(target)
      }
  return reached
}
