import { refuse } from '../../core/errors.ts'
import { unknownOption } from '../../core/method.ts'
import { checkSize } from '../pattern.ts'

/** Checks that `options` is an object with no other than the given keys. */
export function checkKeys(method: string, options: unknown, keys: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options) || ArrayBuffer.isView(options))
    throw refuse('ERR_OPTION', method, 'options', 'an object', options)
  for (const key of Object.keys(options)) if (!keys.includes(key)) throw unknownOption(method, key, new Set(keys))
}

/** Checks a numeric option: finite, and within `range`, of which each side may be absent. */
export function checkNumber(
  method: string,
  key: string,
  value: unknown,
  range: { readonly above?: number; readonly least?: number; readonly most?: number } = {},
): number {
  const { above = Number.NEGATIVE_INFINITY, least = above, most = Number.POSITIVE_INFINITY } = range
  if (typeof value === 'number' && Number.isFinite(value) && value > above && value >= least && value <= most)
    return value
  const bounds = [range.above !== undefined && `> ${above}`, range.least !== undefined && `>= ${least}`]
  if (range.most !== undefined) bounds.push(`<= ${most}`)
  const wanted = ['a finite number', bounds.filter(Boolean).join(' and ')].join(' ').trimEnd()
  throw refuse('ERR_OPTION', method, `option ${key}`, wanted, value)
}

/** Checks, before anything is allocated, that rows and non-zeros can be counted in 32 bits. */
export function checkCounts(method: string, rows: number, nonZeros: number): void {
  checkSize(method, 'the number of rows', rows)
  checkSize(method, 'the number of non-zeros', nonZeros)
}
