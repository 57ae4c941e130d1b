import { describe, expect, it } from 'vitest'
import { aliasRows } from './aliases.ts'
import type { OptionRow } from './row.ts'
import { optionRows } from './rows.ts'

function row(name: string): OptionRow {
  const found = optionRows('ffmpeg').find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`no row: ${name}`)
  return found
}

describe('the option tables', () => {
  it.each([
    ['copyts', 'global', 'flag', 'ffmpeg'],
    ['vsync', 'global', 'value', 'ffmpeg'],
    ['filter_complex', 'global', 'value', 'ffmpeg'],
    ['print_graphs_file', 'global', 'value', 'ffmpeg'],
    ['h', 'global', 'listing', 'ffmpeg'],
    ['accurate_seek', 'file', 'flag', 'ffmpeg'],
    ['ss', 'file', 'value', 'ffmpeg'],
    ['readrate', 'file', 'value', 'ffmpeg'],
    ['analyzeduration', 'file', 'value', 'ffmpeg'],
    ['hls_segment_filename', 'file', 'value', 'ffmpeg'],
    ['rw_timeout', 'file', 'value', 'ffmpeg'],
    ['fps_mode', 'stream', 'value', 'ffmpeg'],
    ['autorotate', 'stream', 'switch', 'ffmpeg'],
    ['a53cc', 'stream', 'value', 'ffmpeg'],
    ['x264opts', 'stream', 'value', 'ffmpeg'],
    ['forced-idr', 'stream', 'value', 'ffmpeg'],
    ['progressurl', 'global', 'value', 'plex'],
    ['loglevel_plex', 'global', 'value', 'plex'],
    ['xioerror', 'global', 'flag', 'plex'],
    ['map_inlineass', 'file', 'value', 'plex'],
    ['delete_removed', 'file', 'value', 'plex'],
    ['skip_to_segment', 'file', 'value', 'plex'],
    ['eae_prefix', 'stream', 'value', 'plex'],
    ['strict_ts', 'stream', 'value', 'plex'],
    ['afbc', 'stream', 'value', 'jellyfin'],
    ['segment_write_temp', 'file', 'value', 'emby'],
  ] as const)('has -%s, which is %s, takes a %s and belongs to %s', (name, scope, arity, owner) => {
    expect(row(name)).toMatchObject({ name, scope, arity, owner })
  })

  it.each(['ffmpeg', 'ffprobe'] as const)('gives each name of %s one row only', (tool) => {
    const names = optionRows(tool).map(({ name }) => name)
    expect(names.length).toBeGreaterThan(1000)
    expect(new Set(names).size).toBe(names.length)
  })

  it('keeps every name free of blanks, colons and leading dashes', () => {
    const odd = optionRows('ffmpeg').filter(({ name }) => !/^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/.test(name))
    expect(odd).toEqual([])
  })

  it('lists the other spellings in the row that they stand for', () => {
    expect(row('codec').aliases).toEqual([
      { name: 'c', media: null },
      { name: 'vcodec', media: 'v' },
      { name: 'acodec', media: 'a' },
      { name: 'scodec', media: 's' },
      { name: 'dcodec', media: 'd' },
    ])
  })

  it('knows the option behind every other spelling', () => {
    const names = new Set([...optionRows('ffmpeg'), ...optionRows('ffprobe')].map(({ name }) => name))
    expect(aliasRows.filter(([, name]) => !names.has(name))).toEqual([])
  })

  it('lets the program speak for a name that a library has too, and notes both', () => {
    expect(row('profile')).toMatchObject({ scope: 'stream', media: 'v' })
    expect(row('profile').families).toEqual(expect.arrayContaining(['program', 'encoder']))
    expect(row('threads').families).toEqual(expect.arrayContaining(['codec', 'scaler']))
  })

  it('marks the options whose colon names a metadata target', () => {
    const targets = optionRows('ffmpeg').filter(({ specifier }) => specifier === 'metadata')
    expect(targets.map(({ name }) => name)).toEqual(['metadata', 'map_metadata'])
  })

  it('lets only flags and switches be negated', () => {
    const odd = optionRows('ffmpeg').filter(
      ({ negatable, arity }) => negatable && arity !== 'flag' && arity !== 'switch',
    )
    expect(odd).toEqual([])
    expect(row('report').negatable).toBe(false)
  })

  it('gives ffprobe its own options and the libraries, but not those of ffmpeg', () => {
    const names = new Set(optionRows('ffprobe').map(({ name }) => name))
    expect(
      [...['show_streams', 'print_format', 'analyzeduration', 'threads', 'user_agent']].every((name) =>
        names.has(name),
      ),
    ).toBe(true)
    expect(['map', 'filter_complex', 'progressurl', 'copyts'].filter((name) => names.has(name))).toEqual([])
  })
})
