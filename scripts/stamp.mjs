// What set-up has done, remembered by content hashes in .cache/, so that doing it again costs milliseconds.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
export const cache = join(root, '.cache')

/** One hash of files and folders, names and contents. */
export function hashOf(...paths) {
  const hash = createHash('sha256')
  for (const path of paths.flatMap(filesUnder))
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0')
  return hash.digest('hex')
}

function filesUnder(path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false })
  if (stats === undefined) return []
  if (!stats.isDirectory()) return [path]
  return readdirSync(join(root, path))
    .sort()
    .flatMap(name => filesUnder(`${path}/${name}`))
}

/** Reads a JSON file of the cache; an empty object where there is none. */
export function readCache(name) {
  try {
    return JSON.parse(readFileSync(join(cache, name), 'utf8'))
  } catch {
    return {}
  }
}

export function writeCache(name, value) {
  mkdirSync(cache, { recursive: true })
  writeFileSync(join(cache, name), `${JSON.stringify(value, null, 2)}\n`)
}
