/** Bytes [start, end) of a body. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * What a `range` header asks of a body of `size` bytes (RFC 9110, 14.2): `whole` when there is none or it is to
 * be ignored (another unit, several ranges, not well formed), `unsatisfiable` for 416, else the range.
 */
export function parseByteRange(
  header: string | undefined,
  size: number,
): ByteRange | 'whole' | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/i.exec(header ?? '')
  const [, first = '', last = ''] = match ?? []
  if (match === null || (first === '' && last === '')) return 'whole'
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size }
  }
  const start = Number(first)
  if (last !== '' && Number(last) < start) return 'whole'
  if (start >= size) return 'unsatisfiable'
  return { start, end: last === '' ? size : Math.min(Number(last) + 1, size) }
}
