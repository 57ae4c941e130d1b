import { describe, expect, it } from 'vitest'
import { parseSegmentTemplate, segmentName } from './segment-name.ts'

function name(template: string, segment: number): string | null {
  const parsed = parseSegmentTemplate(template)
  return parsed === null ? null : segmentName(parsed, segment)
}

describe('segment names', () => {
  it('pad the number with zeros to the width', () => {
    expect(name('media-%05d.ts', 0)).toBe('media-00000.ts')
    expect(name('media-%05d.ts', 100)).toBe('media-00100.ts')
  })

  it('grow beyond the width as printf does', () => {
    expect(name('media-%05d.ts', 123456)).toBe('media-123456.ts')
  })

  it('know %d without a width, and %% for a percent sign', () => {
    expect(name('s%d', 7)).toBe('s7')
    expect(name('50%%-%03d%%.ts', 7)).toBe('50%-007%.ts')
  })

  it.each(['media.ts', 'a%d-%d.ts', '%5d.ts', '%s.ts', '%', 'media-%05d.ts%'])(
    'are not made from %s',
    (template) => {
      expect(parseSegmentTemplate(template)).toBeNull()
    },
  )

  it.each([
    '/tmp/m-%05d.ts',
    '../m-%05d.ts',
    'a/b-%d',
    '.m-%d',
    'a,b-%d',
    'a"b-%d',
    'a\nb-%d',
    'http://x/%d',
  ])('are plain file names that a list need not quote, unlike %j', (template) => {
    expect(parseSegmentTemplate(template)).toBeNull()
  })
})
