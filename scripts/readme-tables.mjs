/*
 * Fills what stands between `<!-- bench:NAME -->` and `<!-- /bench -->` in README.md and docs/*.md with the table NAME
 * of the result files; with --check, fails where the text differs.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { tables } from './bench-tables.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const docs = existsSync(`${root}/docs`) ? readdirSync(`${root}/docs`).filter(file => file.endsWith('.md')) : []
const pages = ['README.md', ...docs.map(file => `docs/${file}`)].filter(page => existsSync(`${root}/${page}`))
const check = process.argv.includes('--check')
const marked = /(<!-- bench:([\w-]+) -->\n)[\s\S]*?(<!-- \/bench -->)/g

for (const page of pages) {
  const before = readFileSync(`${root}/${page}`, 'utf8')
  const after = before.replace(marked, (_, open, name, close) => {
    const table = tables[name]
    if (table === undefined) throw new Error(`${page}: no table ${name}; there are ${Object.keys(tables).join(', ')}`)
    return `${open}${table()}\n${close}`
  })
  if (before === after) continue
  if (check) {
    console.error(`${page}: a table differs from bench/results; node scripts/readme-tables.mjs`)
    process.exitCode = 1
  } else writeFileSync(`${root}/${page}`, after)
}
