import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Foreseen } from './foresight.ts'
import { type ViewerSigns, watchViewerSigns } from './viewer-signs.ts'

const page =
  'Nov 23, 2026 20:15:29.476 [1] DEBUG - Request: [192.168.1.5:5 (Subnet)] GET /hubs/promoted?count=12 (8 live)\n'
const other = page.replace('/hubs/promoted', '/identity')

let folder: string
let path: string
let signs: ViewerSigns
let foreseen: number[]
let warned: unknown[]
let nowMs: number
let answer: Foreseen

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-viewer-signs-'))
  path = join(folder, 'Plex Media Server.log')
  foreseen = []
  warned = []
  nowMs = 0
  answer = { isTaken: true, seconds: 300 }
})
afterEach(async () => {
  signs.close()
  await rm(folder, { recursive: true, force: true })
})

async function watch(): Promise<void> {
  signs = watchViewerSigns({
    ...{ path, nowMs: () => nowMs, everyMs: 3_600_000 },
    foresee(seconds) {
      foreseen.push(seconds)
      return answer
    },
    log: { warn: (...said: unknown[]) => void warned.push(said) } as never,
  })
  await signs.look()
}
const add = async (text: string): Promise<number> => {
  await appendFile(path, text)
  await signs.look()
  return foreseen.length
}

it('somebody who looks at the pages is foreseen, for five minutes, once a minute at most', async () => {
  await writeFile(path, page)
  await watch()
  expect(await add(other)).toBe(0)
  expect(await add(page + other + page)).toBe(1)
  expect(foreseen).toEqual([300])
  nowMs = 59_000
  expect(await add(page)).toBe(1)
  nowMs = 60_000
  expect(await add(page)).toBe(2)
})

it('where signs came to nothing the next one waits for as long as it would not be taken', async () => {
  await writeFile(path, '')
  await watch()
  answer = { isTaken: false, seconds: 600 }
  expect(await add(page)).toBe(1)
  nowMs = 599_000
  expect(await add(page)).toBe(1)
  nowMs = 600_000
  expect(await add(page)).toBe(2)
})

it('a log that cannot be read is warned of', async () => {
  await watch()
  expect(warned).toMatchObject([[{ path, why: 'ENOENT' }, expect.stringContaining('cannot be read')]])
})
