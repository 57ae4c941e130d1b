/** A segment that the transcoder has announced: a name in its folder, and where it lies in the film, seconds. */
export interface AnnouncedRow {
  readonly name: string
  readonly startSeconds: number
  readonly endSeconds: number
}

/**
 * Reads a posted segment list, one `name,start,end,...` a line. The line of the segment that is being made begins
 * with `#` and is left out, and so is what is no such line.
 */
export function parseSegmentList(text: string): AnnouncedRow[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', start = '', end = ''] = line.split(',')
    const row = { name, startSeconds: Number.parseFloat(start), endSeconds: Number.parseFloat(end) }
    const isRow = /^[A-Za-z0-9_-]+\.ts$/.test(name) && row.endSeconds > row.startSeconds
    return isRow ? [row] : []
  })
}

/** Each list is a window over the newest rows; all of them together are the film. A row that comes again counts once. */
export function createAnnouncedRows(): {
  take(list: string): void
  all(): readonly AnnouncedRow[]
  has(name: string): boolean
  /** Where the last one ends; 0 before the first. */
  endSeconds(): number
} {
  const rows = new Map<string, AnnouncedRow>()
  return {
    take(list) {
      for (const row of parseSegmentList(list)) rows.set(row.name, row)
    },
    all: () => [...rows.values()],
    has: (name) => rows.has(name),
    endSeconds: () => Math.max(0, ...[...rows.values()].map((row) => row.endSeconds)),
  }
}
