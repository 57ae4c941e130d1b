/** What {@link parseSegmentTemplate} found: the name is `before`, the number padded with zeros to `width`, `after`. */
export interface SegmentTemplate {
  readonly before: string
  readonly width: number
  readonly after: string
}

/**
 * Reads a segment name template such as `media-%05d.ts`: a plain file name with exactly one `%d` or `%0Nd`, and `%%`
 * for a percent sign (libavutil's frame file names). Null for anything else: a folder in the name, no number or two,
 * and characters that the segment list would have to quote.
 */
export function parseSegmentTemplate(template: string): SegmentTemplate | null {
  const match = /^((?:[^%]|%%)*)%(?:0(\d{1,2}))?d((?:[^%]|%%)*)$/.exec(template)
  if (match === null) return null
  const before = match[1]!.replaceAll('%%', '%')
  const after = match[3]!.replaceAll('%%', '%')
  const plain = /^[\p{L}\p{N}_. %+@()[\]{}~-]*$/u
  if (!plain.test(before) || !plain.test(after) || before.startsWith('.')) return null
  return { before, width: Number(match[2] ?? 0), after }
}

/** File name of a segment, e.g. `media-00100.ts` for 100. */
export function segmentName(template: SegmentTemplate, segment: number): string {
  return `${template.before}${String(segment).padStart(template.width, '0')}${template.after}`
}
