import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { parseNpy, readNpy } from '../../src/io/npy.ts'
import { createNpy } from '../../src/io/npy.writer.ts'

const folder = mkdtempSync(join(tmpdir(), 'krylov-'))
afterAll(() => rmSync(folder, { recursive: true }))
const path = join(folder, 'grows.npy')

describe('createNpy', () => {
  it('is a whole file after each item', async () => {
    const file = await createNpy(path, [3, 2])
    expect(await readNpy(path)).toEqual({ shape: [0, 3, 2], values: new Float64Array(0) })
    const written: number[] = []
    for (let i = 0; i < 12; i++) {
      await file.append(normal(i, 6))
      written.push(...normal(i, 6))
      expect(file.count).toBe(i + 1)
      expect(await readNpy(path)).toEqual({ shape: [i + 1, 3, 2], values: Float64Array.from(written) })
    }
    await file.close()
    await file.close()
    const bytes = readFileSync(path)
    expect((bytes.length - 12 * 48) % 64).toBe(0) // numbers are aligned
    expect(parseNpy(bytes).shape).toEqual([12, 3, 2])
  })

  it('takes items in the order of the calls, without waiting', async () => {
    const file = await createNpy(path, [], 'i4')
    await Promise.all(Array.from({ length: 200 }, (_, i) => file.append(Int32Array.of(i))))
    const late = file.append(Int32Array.of(-1))
    await file.close()
    await late
    expect(await readNpy(path)).toEqual({ shape: [201], values: Int32Array.from([...Array(200).keys(), -1]) })
  })

  it('refuses what is no item, and what is no shape', async () => {
    const file = await createNpy(path, [2])
    await expect(file.append(new Float64Array(3))).rejects.toMatchObject({
      code: 'ERR_SHAPE',
      message: 'append: values must be 2 long (shape 2), got 3',
    })
    await expect(file.append(new Int32Array(2))).rejects.toMatchObject({ code: 'ERR_TYPE' })
    await file.append(Float64Array.of(1, 2))
    await file.close()
    await expect(file.append(Float64Array.of(1, 2))).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED' })
    expect((await readNpy(path)).shape).toEqual([1, 2])
    const loose = createNpy as unknown as (...args: readonly unknown[]) => Promise<unknown>
    await expect(loose(3, [1])).rejects.toMatchObject({ code: 'ERR_TYPE' })
    await expect(loose(path, 1)).rejects.toMatchObject({ code: 'ERR_TYPE' })
    await expect(loose(path, [-1])).rejects.toMatchObject({ code: 'ERR_SHAPE' })
    await expect(loose(path, [Symbol('s')])).rejects.toMatchObject({ code: 'ERR_SHAPE' })
    await expect(loose(path, [1], 'f4')).rejects.toMatchObject({ code: 'ERR_OPTION' })
    await expect(loose(join(folder, 'no', 'such'), [1])).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
