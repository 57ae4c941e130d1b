import { describe, expect, it } from 'vitest'
import { maskedArguments } from './masked-arguments.ts'

describe('a command line that is shown', () => {
  it.each([
    ['http://127.0.0.1:32400/a?X-Plex-Token=abc&b=1', 'http://127.0.0.1:32400/a?X-Plex-Token=***&b=1'],
    ['http://h/a?b=1&api_key=abc', 'http://h/a?b=1&api_key=***'],
    ['http://h/a?ApiKey=abc#x', 'http://h/a?ApiKey=***#x'],
    ['http://user:pass@host/film.mkv', 'http://***@host/film.mkv'],
    ['smb://user@host/film.mkv', 'smb://***@host/film.mkv'],
    ['X-Emby-Token: abc\r\nAccept: x', 'X-Emby-Token: ***\r\nAccept: x'],
  ])('has no key in %s', (given, shown) => {
    expect(maskedArguments([given])).toEqual([shown])
  })

  it('has nothing of options whose value is a key or may hold one', () => {
    expect(maskedArguments(['-headers', 'A: b', '-cenc_decryption_key', '00ff', '-i', 'a.mkv'])).toEqual([
      ...['-headers', '***', '-cenc_decryption_key', '***', '-i', 'a.mkv'],
    ])
  })

  it.each([
    '/media/me@home/What? token=1.mkv',
    '-crf:0',
    '[0:0]scale=w=1280:h=720[v]',
    'expr:gte(t,n_forced*3)',
  ])('leaves %s as it is', (argument) => {
    expect(maskedArguments([argument])).toEqual([argument])
  })
})
