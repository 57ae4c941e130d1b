import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Installation, rememberInstallation } from './installations.ts'
import { programBytes, type SmallServer, shimBytes, shimOf, smallServer } from './testing/small-server.ts'
import { watchInstallations } from './watch-installations.ts'

const everyMs = 30
const [first, second, shim] = [programBytes('first'), programBytes('second'), shimBytes()]

let data: string
let server: SmallServer
let stop: AbortController
let watching: Promise<void>
let restored: string[]
let problems: string[]

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'paceline-watch-'))
  stop = new AbortController()
  restored = []
  problems = []
  server = await smallServer({ '': shim, '.orig': first, '.head': 'unix:/run/head.sock\n' })
})
afterEach(async () => {
  stop.abort()
  await watching
  await server.remove()
  await rm(data, { recursive: true })
})

async function watch(wanted: Installation['wanted'] = 'installed'): Promise<void> {
  const { folder, transcoder } = server.place
  const common = { server: 'plex', root: '/', inside: transcoder, socket: '/run/head.sock' } as const
  await rememberInstallation(data, { ...common, folder, wanted })
  watching = watchInstallations({
    ...{ dataFolder: data, shims: [shimOf()], everyMs, signal: stop.signal },
    onRestored: ({ before }) => void restored.push(before),
    onProblem: (_where, error) => void problems.push((error as Error).message),
  })
}

const isText = async (path: string, bytes: Buffer) => (await readFile(path)).equals(bytes)
const someRounds = () => sleep(everyMs * 8)

async function update(bytes: Buffer): Promise<void> {
  await writeFile(`${server.place.folder}/new`, bytes, { mode: 0o755 })
  await rename(`${server.place.folder}/new`, server.place.transcoder)
}

async function untilRestored(count: number): Promise<void> {
  for (const began = performance.now(); restored.length < count; await sleep(5)) {
    if (performance.now() - began > 15_000) throw new Error(`restored ${restored.length} times`)
  }
}

describe('the watch', () => {
  it('leaves alone what is in place', async () => {
    await watch()
    await someRounds()
    expect([restored, problems]).toEqual([[], []])
  })

  it('takes each update for the original, and puts the shim back', async () => {
    await watch()
    await someRounds()
    for (const [count, bytes] of [
      [1, second],
      [2, programBytes('third')],
    ] as const) {
      await update(bytes)
      await untilRestored(count)
      expect(await isText(server.place.original, bytes)).toBe(true)
      expect(await isText(server.place.transcoder, shim)).toBe(true)
    }
    expect([restored, problems]).toEqual([['replaced', 'replaced'], []])
  })

  it('waits until an update has been written', async () => {
    await watch()
    await someRounds()
    for (let length = 20; length <= second.length; length++) {
      await writeFile(server.place.transcoder, second.subarray(0, length))
      await sleep(everyMs / 2)
      if (length < second.length) expect(restored).toEqual([])
    }
    await untilRestored(1)
    expect(await isText(server.place.original, second)).toBe(true)
  })

  it('puts the shim into a folder that was made anew', async () => {
    for (const path of [server.place.original, server.place.head]) await rm(path)
    await update(second)
    await watch()
    await untilRestored(1)
    expect(restored).toEqual(['absent'])
    expect(await isText(server.place.original, second)).toBe(true)
  })

  it('does nothing to what is being uninstalled', async () => {
    await watch('gone')
    await update(second)
    await someRounds()
    expect(restored).toEqual([])
    expect(await isText(server.place.transcoder, second)).toBe(true)
  })

  it('says once what it cannot put right', async () => {
    await rm(server.place.original)
    await watch()
    await someRounds()
    expect(problems).toEqual([expect.stringContaining('original transcoder is not where it was kept')])
  })
})
