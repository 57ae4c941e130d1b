import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { whileLocked } from './install-lock.ts'
import {
  forgetInstallation,
  type Installation,
  readInstallations,
  rememberInstallation,
} from './installations.ts'
import { isObserveOnly, setObserveOnly } from './observe-switch.ts'

let data: string
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'paceline-book-'))
})
afterEach(() => rm(data, { recursive: true }))

const entry = (folder: string, more: Partial<Installation> = {}): Installation => ({
  ...{ server: 'plex', folder, root: '/', inside: `${folder}/Plex Transcoder` },
  ...{ socket: '/run/head.sock', wanted: 'installed', ...more },
})

describe('what was installed where', () => {
  it('is nothing at first, also where there is no data folder yet', async () => {
    expect(await readInstallations(data)).toEqual([])
    expect(await readInstallations(join(data, 'nowhere'))).toEqual([])
  })

  it('is written down once for each folder, for everybody to read', async () => {
    const place = join(data, 'new')
    await rememberInstallation(place, entry('/a'))
    await rememberInstallation(place, entry('/b'))
    await rememberInstallation(place, entry('/a', { wanted: 'gone' }))
    expect(await readInstallations(place)).toEqual([entry('/b'), entry('/a', { wanted: 'gone' })])
    expect((await stat(join(place, 'installations.json'))).mode & 0o777).toBe(0o644)
  })

  it('is forgotten without a trace', async () => {
    await rememberInstallation(data, entry('/a'))
    await forgetInstallation(data, '/b')
    expect(await readInstallations(data)).toHaveLength(1)
    await forgetInstallation(data, '/a')
    await forgetInstallation(data, '/a')
    expect(await readdir(data)).toEqual([])
  })

  it('is not guessed from a file that somebody else has written', async () => {
    await writeFile(join(data, 'installations.json'), '{"installations":[{"folder":"/a"}]}')
    await expect(readInstallations(data)).rejects.toThrow()
  })
})

describe('the switch of observe-only', () => {
  it('is off at first, stays as it was left, and leaves nothing when it is off', async () => {
    expect(await isObserveOnly(data)).toBe(false)
    await setObserveOnly(data, true)
    await setObserveOnly(data, true)
    expect(await isObserveOnly(data)).toBe(true)
    await setObserveOnly(data, false)
    await setObserveOnly(data, false)
    expect([await isObserveOnly(data), await readdir(data)]).toEqual([false, []])
  })
})

describe('a transcoder’s folder', () => {
  it('is changed by one at a time, and the others wait', async () => {
    const events: string[] = []
    const change = (name: string) =>
      whileLocked(data, async () => {
        events.push(`${name} begins`)
        await new Promise((done) => setTimeout(done, 30))
        events.push(`${name} ends`)
      })
    await Promise.all([change('a'), change('b')])
    const [first, second] = events[0] === 'a begins' ? ['a', 'b'] : ['b', 'a']
    expect(events).toEqual([`${first} begins`, `${first} ends`, `${second} begins`, `${second} ends`])
  })

  it('is free again after a change that failed', async () => {
    const failing = whileLocked(data, () => Promise.reject(new Error('no room')))
    await expect(failing).rejects.toThrow('no room')
    expect(await whileLocked(data, () => Promise.resolve('done'))).toBe('done')
    expect(await readdir(data)).toEqual([])
  })
})
