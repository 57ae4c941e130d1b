/**
 * A table by words that others wrote: it has these and no others. A plain object has more: asked for `toString` or
 * `constructor` it answers with what every object has.
 */
export function wordTable<Value>(entries: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.assign(Object.create(null) as Record<string, Value>, entries)
}
