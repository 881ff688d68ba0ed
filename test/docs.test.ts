import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as krylov from '../src/index.ts'
import { type Block, blocksOf, lineOf } from './support/blocks.ts'
import { filesBelow, root, textOf } from './support/sources.ts'

const folder = join(root, '.cache', 'docs')
const pages = ['README.md', ...filesBelow('docs', '.md').filter(page => !page.startsWith('docs/api/'))]
const blocks = pages.flatMap(blocksOf)
const nameOf = ({ page, line }: Block): string => `${page.replaceAll(/\W/g, '-')}-${line}.ts`
const pathOf = (block: Block): string => join(folder, nameOf(block))

const log = console.log

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const block of blocks) writeFileSync(pathOf(block), `${block.module}\nexport {}\n`)
  console.log = () => {}
})

afterAll(() => {
  console.log = log
})

describe('every block of code in the manual', () => {
  it('is there', () => {
    expect(blocks.length).toBeGreaterThan(20)
    expect(blocks.filter(block => block.continued && block === blocks[0])).toEqual([])
  })

  it.each(blocks.map(block => [`${block.page}:${block.line}`, block] as const))('%s runs', async (_, block) => {
    try {
      await import(pathOf(block))
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      throw new Error(`${block.page}:${lineOf(error, nameOf(block)) ?? block.line}: ${text}`, { cause: error })
    }
  })

  it('has the right types', () => {
    const config = { extends: '../../tsconfig.json', include: ['*.ts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc')
    const { stdout } = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' })
    const told = blocks.reduce((text, block) => text.replaceAll(nameOf(block), block.page), stdout)
    expect(told).toBe('')
  })
})

describe('the manual', () => {
  const text = pages.map(textOf).join('\n')
  const surface = ['src/index.ts', 'src/index.matrices.ts', 'src/index.completion.ts'].map(textOf).join('\n')
  const exported = [...surface.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names]) =>
    names!
      .split(',')
      .map(name => name.replace(/^\s*type |\w+ as /g, '').trim())
      .filter(Boolean),
  )

  it('names everything that is exported', () => {
    expect(exported).toEqual(expect.arrayContaining(Object.keys(krylov)))
    expect(exported.filter(name => !new RegExp(`\`[^\`\n]*\\b${name}\\b`).test(text))).toEqual([])
  })

  it('has links that lead somewhere', () => {
    const there = ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...pages]
    const dead = there.flatMap(page =>
      [...textOf(page).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)]
        .map(([, target]) => join(page, '..', target!))
        .filter(target => !filesBelow(join(target, '..'), target.split('/').at(-1)!).includes(target)),
    )
    expect(dead).toEqual([])
  })

  it('has the table of methods that src/methods.ts gives', () => {
    execFileSync(process.execPath, [join(root, 'scripts/methods-table.mjs'), '--check'], { stdio: 'pipe' })
  })
})
