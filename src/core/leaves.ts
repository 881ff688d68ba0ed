/*
 * Records cross the border as their leaves, in an order that the native half states: a field that JavaScript looks up
 * itself costs a nanosecond, one that native code asks for a quarter of a microsecond.
 */

/** Order of a type's leaves: 0 for a leaf, fields for a record, fields by kind for a tagged union. */
export type Layout = 0 | readonly (readonly [name: string, layout: Layout])[] | { readonly [kind: string]: Layout }

const isRecord = (layout: Layout): layout is readonly (readonly [string, Layout])[] => Array.isArray(layout)

/** Appends the leaves of a value. */
export function flatten(value: unknown, layout: Layout, leaves: unknown[]): void {
  if (layout === 0) {
    leaves.push(value)
    return
  }
  const record = value as Readonly<Record<string, unknown>> | undefined
  if (isRecord(layout)) {
    for (const [name, inner] of layout) flatten(record![name], inner, leaves)
    return
  }
  if (record === undefined) {
    // an absent alternative is the first, which has no fields
    for (const first in layout) {
      leaves.push(first)
      return
    }
    return
  }
  const kind = record.kind as string
  leaves.push(kind)
  flatten(value, Object.hasOwn(layout, kind) ? layout[kind]! : [], leaves)
}

const EMPTY = new Float64Array(0)

/** The value that these leaves make; an empty array comes as nothing. */
export function assemble(leaves: unknown, layout: Layout): unknown {
  if (layout === 0) return leaves
  let at = 0
  return build(layout)

  function build(inner: Layout): unknown {
    if (!isRecord(inner)) return (leaves as readonly unknown[])[at++] ?? EMPTY
    const record: Record<string, unknown> = {}
    for (const [name, field] of inner) record[name] = build(field)
    return record
  }
}
