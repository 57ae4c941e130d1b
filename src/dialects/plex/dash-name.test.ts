import { describe, expect, it } from 'vitest'
import { parseDashName } from './dash-name.ts'

describe('the names of DASH files', () => {
  it('are filled as Plex asks for them', () => {
    const init = parseDashName('init-stream$RepresentationID$.m4s', 'init')
    const media = parseDashName('chunk-stream$RepresentationID$-$Number%05d$.m4s', 'media')
    expect(init?.fill(1)).toBe('init-stream1.m4s')
    expect(media?.fill(0, 31)).toBe('chunk-stream0-00031.m4s')
    expect(media?.fill(1, 123456)).toBe('chunk-stream1-123456.m4s')
    expect(media?.template).toBe('chunk-stream$RepresentationID$-$Number%05d$.m4s')
  })
  it('may have a number without a width', () => {
    expect(parseDashName('c$RepresentationID$_$Number$.mp4', 'media')?.fill(0, 7)).toBe('c0_7.mp4')
  })
  it.each([
    ['init.m4s', 'init'],
    ['init-$RepresentationID$-$Number$.m4s', 'init'],
    ['chunk-$RepresentationID$.m4s', 'media'],
    ['chunk-$Number%05d$.m4s', 'media'],
    ['../chunk-$RepresentationID$-$Number%05d$.m4s', 'media'],
    ['a/chunk-$RepresentationID$-$Number%05d$.m4s', 'media'],
    ['.chunk-$RepresentationID$-$Number%05d$.m4s', 'media'],
    ['chunk-$RepresentationID$-$Number%05d$-$Time$.m4s', 'media'],
    ['chunk-$RepresentationID$-$Number%05d$-$Number$.m4s', 'media'],
    ['chunk-$RepresentationID$-$Number%05d$".m4s', 'media'],
  ] as const)('are not understood when they are %s', (template, kind) => {
    expect(parseDashName(template, kind)).toBeNull()
  })
})
