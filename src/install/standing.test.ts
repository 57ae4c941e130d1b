import { link } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { lookAtPlace } from './standing.ts'
import { programBytes, type SmallServer, shimBytes, smallServer } from './testing/small-server.ts'

let server: SmallServer
afterEach(() => server.remove())

const leftover = '.paceline-0123456789ab'
const [first, second, shim] = [programBytes('first'), programBytes('second'), shimBytes()]
const script = '#!/bin/sh\nexec /opt/mine "$@"\n'

describe('a transcoder’s folder', () => {
  it.each([
    ['the server’s own alone', 'absent', { '': first }],
    ['a script of the house alone', 'absent', { '': script }],
    ['the shim, and the original beside it', 'installed', { '': shim, '.orig': first, '.head': 'unix:/a' }],
    ['the shim, and a script beside it', 'installed', { '': shim, '.orig': script, '.head': 'unix:/a' }],
    ['the shim, which has lost its address', 'installed', { '': shim, '.orig': first }],
    ['a new one, and the old beside it', 'replaced', { '': second, '.orig': first, '.head': 'unix:/a' }],
    ['the address alone', 'interrupted', { '': first, '.head': 'unix:/a' }],
    ['a left-over', 'interrupted', { '': first, [leftover]: shim }],
    ['the left-over of an address', 'interrupted', { '': first, [`.head${leftover}`]: 'unix:/a' }],
    ['its own by two names', 'interrupted', { '': first, '.orig': first, '.head': 'unix:/a' }],
    ['a shim where the original was kept', 'interrupted', { '': first, '.orig': shim }],
    ['nothing but the original', 'displaced', { '.orig': first, '.head': 'unix:/a' }],
    ['an empty file over the original', 'displaced', { '': '', '.orig': first }],
    ['the shim alone', 'original-gone', { '': shim, '.head': 'unix:/a' }],
    ['the shim twice', 'original-gone', { '': shim, '.orig': shim, '.head': 'unix:/a' }],
    ['an original that is not ours', 'foreign', { '': second, '.orig': first }],
    ['a script over a program', 'foreign', { '': script, '.orig': first, '.head': 'unix:/a' }],
    ['a script beside another transcoder', 'foreign', { '': script, '/plex_transcoder': first }],
    ['a script that names a tool', 'foreign', { '': '#!/bin/sh\nexec node /ClusterPlex/a.js' }],
    ['a file that is empty', 'no-transcoder', { '': '' }],
    ['nothing', 'no-transcoder', {}],
  ] as const)('with %s is %s', async (_what, state, files) => {
    server = await smallServer(files as Record<string, Buffer | string>)
    expect((await lookAtPlace(server.place)).state).toBe(state)
  })

  it('with one file by two names is interrupted', async () => {
    server = await smallServer({ '': first })
    await link(server.place.transcoder, server.place.original)
    expect((await lookAtPlace(server.place)).state).toBe('interrupted')
  })

  it('names what another tool has left, and no file of its own', async () => {
    server = await smallServer({
      '': script,
      '/Plex Transcoder_real': first,
      [leftover]: shim,
      '.head': 'unix:/a',
    })
    const { foreign, leftovers } = await lookAtPlace(server.place)
    expect(foreign).toBe('it is a script, and Plex Transcoder_real lies beside it')
    expect(leftovers).toEqual([`${server.place.transcoder}${leftover}`])
  })

  it('takes nothing for a left-over that somebody else may have named so', async () => {
    server = await smallServer({ '': first, '.paceline-notes': 'mine', '.paceline-0123456789abc': 'mine' })
    expect((await lookAtPlace(server.place)).leftovers).toEqual([])
  })

  it('tells the address that the shim is given', async () => {
    server = await smallServer({ '': shim, '.orig': first, '.head': 'unix:/run/head.sock\n' })
    expect((await lookAtPlace(server.place)).address).toBe('unix:/run/head.sock\n')
  })
})
