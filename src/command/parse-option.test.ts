import { describe, expect, it } from 'vitest'
import type { Tool } from './options/rows.ts'
import { parseOption } from './parse-option.ts'

/** Reads the first of some arguments. */
function read(argv: readonly string[], tool: Tool = 'ffmpeg') {
  return parseOption(argv, 0, tool)
}

describe('parseOption', () => {
  it.each([
    [['-y', 'out.mkv'], null],
    [['-copyts', '1'], null],
    [['-noaccurate_seek', '0'], null],
    [['-an', '-sn'], null],
    [['-start_at_zero', '-copyts'], null],
    [['-xioerror', '-i'], null],
    [['-re', '-i'], null],
    [['-codec:0', 'h264'], 'h264'],
    [['-sei:0', '-a53_cc'], '-a53_cc'],
    [['-delete_removed', 'false'], 'false'],
    [['-flags', '-global_header'], '-global_header'],
    [['-map', '-0:0'], '-0:0'],
    [['-map_metadata', '-1'], '-1'],
    [['-dump_attachment:t', ''], ''],
    [['-user_agent', 'Some Browser (X11; Linux) -i /etc/passwd'], 'Some Browser (X11; Linux) -i /etc/passwd'],
    [['-h', 'filter=scale_cuda'], 'filter=scale_cuda'],
    [['-version', '-foo'], '-foo'],
    [['-version'], null],
    [['-codec'], null],
    [['-hide_banner'], null],
  ])('reads the value of %j', (argv, value) => {
    expect(read(argv).value).toBe(value)
  })

  it('gives a switch its number, and nothing where it stands alone', () => {
    expect(read(['-autorotate', '0'])).toMatchObject({ value: '0', negated: false })
    expect(read(['-autorotate', '-i'])).toMatchObject({ value: null, negated: false })
    expect(read(['-noautorotate', '0'])).toMatchObject({ name: 'autorotate', value: null, negated: true })
    expect(read(['-autoscale', 'out.mkv']).value).toBeNull()
  })

  it('splits the name at the first colon', () => {
    expect(read(['-codec:s:m:language:eng', 'copy'])).toMatchObject({
      spelling: '-codec:s:m:language:eng',
      name: 'codec',
      specifier: { kind: 'streams', text: 's:m:language:eng' },
    })
    expect(read(['-b:#0x1100', '1M'])).toMatchObject({
      name: 'b',
      specifier: { conditions: [{ kind: 'id', id: 0x1100 }] },
    })
  })

  it('tells no specifier, an empty one and a wrong one apart', () => {
    expect(read(['-codec', 'copy']).specifier).toBeNull()
    expect(read(['-codec:', 'copy']).specifier).toMatchObject({ kind: 'streams', conditions: [] })
    expect(read(['-codec:x', 'copy']).specifier).toEqual({ kind: 'invalid', text: 'x' })
  })

  it('reads a metadata target where there is one', () => {
    expect(read(['-metadata:s:0', 'language=eng']).specifier).toMatchObject({ kind: 'stream' })
    expect(read(['-metadata', 'title=x']).specifier).toBeNull()
  })

  it('keeps the media that a short name stands for', () => {
    expect(read(['-vcodec', 'copy'])).toMatchObject({ name: 'codec', media: 'v', specifier: null })
    expect(read(['-ab:a:0', '128k'])).toMatchObject({ name: 'b', specifier: { text: 'a:0' } })
  })
})

describe('an unknown option', () => {
  it.each([
    [['-frobnicate', '3', 'out.mkv'], '3'],
    [['-frobnicate', '-3', 'out.mkv'], '-3'],
    [['-frobnicate', '-.5', 'out.mkv'], '-.5'],
    [['-frobnicate', '', 'out.mkv'], ''],
    [['-frobnicate', 'out.mkv'], null],
    [['-frobnicate', '-codec', 'copy', 'out.mkv'], null],
    [['-frobnicate', '-wrong', 'out.mkv'], null],
    [['-frobnicate', '-'], null],
    [['-frobnicate'], null],
  ])('of ffmpeg in %j gets the value %j', (argv, value) => {
    expect(read(argv)).toMatchObject({ row: null, name: 'frobnicate', value })
  })

  it('of ffprobe takes the next argument, as ffprobe says', () => {
    expect(read(['-frobnicate', '-i', 'a.mkv'], 'ffprobe').value).toBe('-i')
    expect(read(['-frobnicate'], 'ffprobe').value).toBeNull()
  })

  it('keeps its specifier and the "no" it may start with', () => {
    expect(read(['-nofrobnicate:v', '1', 'x'])).toMatchObject({
      name: 'nofrobnicate',
      negated: false,
      specifier: { text: 'v' },
    })
  })
})
