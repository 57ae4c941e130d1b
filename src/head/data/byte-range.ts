/** Part of a file: both ends are included, as HTTP counts. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/**
 * Reads a Range header with one range (RFC 9110, 14.1). Null means the whole file, also for headers that
 * name no bytes or several ranges, which a server may ignore; `unsatisfiable` is to be answered with 416.
 */
export function readByteRange(header: string | undefined, size: number): ByteRange | null | 'unsatisfiable' {
  const match = header === undefined ? null : /^bytes=(\d*)-(\d*)$/.exec(header.trim())
  if (!match || (match[1] === '' && match[2] === '')) return null
  const [, from, to] = match as unknown as [string, string, string]
  if (from === '') {
    const length = Math.min(Number(to), size)
    return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 }
  }
  const first = Number(from)
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (first >= size) return 'unsatisfiable'
  return first > last ? null : { first, last }
}
