import { KrylovError, show } from '../core/errors.ts'

/** What the banner says. */
export interface Banner {
  readonly object: 'matrix' | 'vector'
  readonly format: 'coordinate' | 'array'
  readonly field: 'real' | 'integer' | 'pattern'
  readonly symmetry: 'general' | 'symmetric' | 'skew-symmetric'
}

/** The banner and the size line. */
export interface Header extends Banner {
  readonly rows: number
  readonly columns: number
  /** Lines of data that follow. */
  readonly entries: number
}

/** Makes the error for the current line; `got` as it shall be printed. */
export type Fail = (expected: string, got: string) => KrylovError

const MAX_INDEX = 2 ** 31 - 1

const fields: Readonly<Record<string, Banner['field'] | 'complex'>> = {
  real: 'real',
  double: 'real',
  integer: 'integer',
  'unsigned-integer': 'integer',
  pattern: 'pattern',
  complex: 'complex',
}

const symmetries: Readonly<Record<string, Banner['symmetry'] | 'hermitian'>> = {
  general: 'general',
  symmetric: 'symmetric',
  'skew-symmetric': 'skew-symmetric',
  hermitian: 'hermitian',
}

const words = (line: string): string[] => line.split(/\s+/).filter(word => word !== '')

/** Parses `%%MatrixMarket object format field symmetry`, in letters of any case. */
export function parseBanner(line: string, fail: Fail): Banner {
  const [magic, object, format, fieldName = '', symmetryName = '', ...more] = words(line.toLowerCase())
  if (magic?.replace(/^(\ufeff|\u00ef\u00bb\u00bf)/, '') !== '%%matrixmarket' || more.length > 0)
    throw fail("a banner '%%MatrixMarket matrix|vector format field symmetry'", show(line.trim()))
  if (object !== 'matrix' && object !== 'vector') throw fail("object 'matrix' or 'vector'", show(object ?? ''))
  if (format !== 'coordinate' && format !== 'array') throw fail("format 'coordinate' or 'array'", show(format ?? ''))
  const field = Object.hasOwn(fields, fieldName) ? fields[fieldName]! : undefined
  if (field === undefined) throw fail('field real, double, integer, pattern or complex', show(fieldName))
  const symmetry = Object.hasOwn(symmetries, symmetryName) ? symmetries[symmetryName]! : undefined
  if (symmetry === undefined) throw fail('symmetry general, symmetric, skew-symmetric or hermitian', show(symmetryName))
  if (object === 'vector' && symmetry !== 'general') throw fail("a vector to be 'general'", show(symmetryName))
  if (field === 'pattern' && format === 'array')
    throw fail("field 'pattern' only with format 'coordinate'", show(format))
  if (field === 'pattern' && (symmetry === 'skew-symmetric' || symmetry === 'hermitian'))
    throw fail("a pattern to be 'general' or 'symmetric'", show(symmetryName))
  if (field === 'complex') {
    const { message } = fail('a real, integer or pattern field', 'complex values, which krylov does not have')
    throw new KrylovError('ERR_UNSUPPORTED', message)
  }
  return { object, format, field, symmetry: symmetry === 'hermitian' ? 'symmetric' : symmetry }
}

/** Parses the line of sizes that the banner asks for. */
export function parseSize(line: string, banner: Banner, fail: Fail): Header {
  const { object, format, symmetry } = banner
  const names = object === 'vector' ? ['length'] : ['rows', 'columns']
  if (format === 'coordinate') names.push('entries')
  const got = words(line)
  if (got.length !== names.length || !got.every(word => /^\d+$/.test(word)))
    throw fail(`a size line '${names.join(' ')}' of non-negative integers`, show(line.trim()))
  for (const [k, name] of names.entries())
    if (Number(got[k]) > MAX_INDEX) throw fail(`${name} up to ${MAX_INDEX}`, show(got[k]))
  const sizes = got.map(Number)
  const rows = sizes[0]!
  const columns = object === 'vector' ? 1 : sizes[1]!
  if (symmetry !== 'general' && rows !== columns) throw fail(`a ${symmetry} matrix to be square`, show(line.trim()))
  const entries = format === 'coordinate' ? sizes.at(-1)! : countDense(symmetry, rows, columns)
  if (format === 'coordinate' && rows * columns === 0 && entries > 0)
    throw fail('no entries in an empty matrix', show(line.trim()))
  return { ...banner, rows, columns, entries }
}

function countDense(symmetry: Banner['symmetry'], rows: number, columns: number): number {
  if (symmetry === 'general') return rows * columns
  return symmetry === 'symmetric' ? (rows * (rows + 1)) / 2 : (rows * (rows - 1)) / 2
}
