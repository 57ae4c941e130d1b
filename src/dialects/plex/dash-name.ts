/**
 * Reads a file name template of DASH with `$RepresentationID$` in it and, for media segments, `$Number$` or
 * `$Number%05d$`. Null for a folder in the name, other variables, and characters that no server writes.
 */
export interface DashName {
  /** As written: the manifest repeats it. */
  readonly template: string
  fill(representation: number, number?: number): string
}

const plain = /^[\p{L}\p{N}_.+@~-]+$/u
const representationVariable = '$RepresentationID$'
const numberVariable = /\$Number(?:%0(\d)d)?\$/

export function parseDashName(template: string, kind: 'init' | 'media'): DashName | null {
  const fill = (representation: number, number = 0): string =>
    template
      .replaceAll(representationVariable, String(representation))
      .replace(numberVariable, (_, width?: string) => String(number).padStart(Number(width ?? 0), '0'))
  const hasNumber = numberVariable.test(template)
  if (hasNumber !== (kind === 'media') || !template.includes(representationVariable)) return null
  const sample = fill(0, 1)
  return plain.test(sample) && !sample.startsWith('.') ? { template, fill } : null
}
