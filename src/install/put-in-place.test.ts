import { rmSync, writeFileSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { putInPlace, type Shim } from './put-in-place.ts'
import { takeAway } from './take-away.ts'
import { programBytes, type SmallServer, shimBytes, shimOf, smallServer } from './testing/small-server.ts'

let server: SmallServer
afterEach(() => server.remove())

const [first, second, shim] = [programBytes('first'), programBytes('second'), shimBytes()]

/** Installs, and returns its steps. */
async function put(shims: readonly Shim[] = [shimOf()], socket = '/run/head.sock'): Promise<string[]> {
  const steps: string[] = []
  await putInPlace(server.place, { shims, socket, onStep: (step) => void steps.push(step) })
  return steps
}

async function take(): Promise<string[]> {
  const steps: string[] = []
  await takeAway(server.place, (step) => void steps.push(step))
  return steps
}

const names = () => readdir(server.place.folder).then((all) => all.sort())
const bytesOf = (path: string) => readFile(path).then((bytes) => bytes.toString('latin1'))
const text = (bytes: Buffer) => bytes.toString('latin1')

describe('the shim', () => {
  it('comes over the original only after everything it needs', async () => {
    server = await smallServer({ '': first })
    const inode = (await stat(server.place.transcoder)).ino
    expect(await put()).toEqual([
      'tell the shim its head',
      'write the shim',
      'name the original a second time',
      'keep the original',
      'put the shim in place',
    ])
    expect((await stat(server.place.original)).ino).toBe(inode)
    expect(await put()).toEqual([])
  })

  it('of a new release replaces the one before in one step, and a new address is told in one', async () => {
    server = await smallServer({ '': first })
    await put()
    expect(await put([shimOf(shimBytes('2'))])).toEqual(['write the shim', 'put the shim in place'])
    expect(await put([shimOf(shimBytes('2'))], '/run/other.sock')).toEqual(['tell the shim its head'])
    expect(await bytesOf(server.place.original)).toBe(text(first))
  })

  it('of the original’s machine is taken', async () => {
    server = await smallServer({ '': programBytes('first', 183) })
    const arm = programBytes('PACELINE_ORIGINAL for arm64', 183)
    await put([shimOf(), shimOf(arm, 'arm64')])
    expect(await bytesOf(server.place.transcoder)).toBe(text(arm))
  })

  it('for another machine is refused before anything is changed', async () => {
    server = await smallServer({ '': programBytes('first', 183) })
    await expect(put()).rejects.toMatchObject({ code: 'E_INSTALL_ARCHITECTURE' })
    expect(await names()).toEqual(['Plex Transcoder'])
  })

  it('is not taken for the original when somebody else has just put it there', async () => {
    server = await smallServer({ '': first })
    const racing = (step: string) => {
      if (step !== 'name the original a second time') return
      rmSync(server.place.transcoder)
      writeFileSync(server.place.transcoder, shim)
    }
    const run = putInPlace(server.place, { shims: [shimOf()], socket: '/s', onStep: racing })
    await expect(run).rejects.toMatchObject({ code: 'E_INSTALL_BUSY' })
    expect(await names()).toEqual(['Plex Transcoder', 'Plex Transcoder.head'])
  })

  it.each([
    ['E_INSTALL_NOT_FOUND', {}],
    ['E_INSTALL_ORIGINAL_GONE', { '': shim }],
    ['E_INSTALL_FOREIGN', { '': second, '.orig': first }],
  ] as const)('is refused with %s, and nothing is changed', async (code, files) => {
    server = await smallServer(files as Record<string, Buffer>)
    const before = await names()
    await expect(put()).rejects.toMatchObject({ code })
    expect(await names()).toEqual(before)
  })
})

describe('whatever was left', () => {
  const left = {
    'an update': { '': second, '.orig': first, '.head': 'unix:/old\n' },
    'a run that wrote the address': { '': second, '.head': 'unix:/old\n' },
    'a run that wrote the shim': { '': second, '.paceline-0123456789ab': shim },
    'a run that named the original': { '': second, '.orig.paceline-0123456789ab': second },
    'a run that kept the original': { '': second, '.orig': second, '.head': 'unix:/old\n' },
    'the original alone': { '.orig': second, '.head': 'unix:/old\n' },
    'an older shim': { '': shimBytes('0'), '.orig': second },
  }

  it.each(Object.entries(left))(
    'by %s, the shim is put in place over the newest original',
    async (_what, files) => {
      server = await smallServer(files as Record<string, Buffer | string>)
      await put()
      expect(await bytesOf(server.place.transcoder)).toBe(text(shim))
      expect(await bytesOf(server.place.original)).toBe(text(second))
      expect(await bytesOf(server.place.head)).toBe('unix:/run/head.sock\n')
      expect(await names()).toEqual(['Plex Transcoder', 'Plex Transcoder.head', 'Plex Transcoder.orig'])
    },
  )

  it.each(Object.entries(left))(
    'by %s, taking it away leaves the newest original alone',
    async (_what, files) => {
      server = await smallServer(files as Record<string, Buffer | string>)
      await take()
      expect(await names()).toEqual(['Plex Transcoder'])
      expect(await bytesOf(server.place.transcoder)).toBe(text(second))
      expect(await take()).toEqual([])
    },
  )

  it('of a shim without its original is not taken away, since nothing would be left to run', async () => {
    server = await smallServer({ '': shim, '.head': 'unix:/old\n' })
    await expect(take()).rejects.toMatchObject({ code: 'E_INSTALL_ORIGINAL_GONE' })
    expect(await names()).toEqual(['Plex Transcoder', 'Plex Transcoder.head'])
    await takeAway(server.place, () => undefined, true)
    expect(await names()).toEqual([])
  })
})
