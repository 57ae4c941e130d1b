import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startRow } from './row.ts'

const main = process.argv[1]!
let folder: string

/** A head that says nothing and ends, as a daemon must, when its standard input does. */
const silentHead = (folder: string) => `
import { writeFileSync } from 'node:fs'
const { PACELINE_NATS: nats } = process.env
writeFileSync(${JSON.stringify(folder)} + '/started', JSON.stringify({ args: process.argv.slice(2), nats }))
process.stdin.resume().on('end', () => {
  writeFileSync(${JSON.stringify(folder)} + '/ended', '')
  process.exit(0)
})
`

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-row-'))
  process.argv[1] = join(folder, 'main.mjs')
  await writeFile(process.argv[1], silentHead(folder))
})

afterEach(async () => {
  process.argv[1] = main
  await rm(folder, { recursive: true, force: true })
})

const quiet = { say: () => {}, log: () => {} }
const options = () => ({
  ...{ dataFolder: folder, nodes: 1, host: '127.0.0.1', ffmpeg: 'ffmpeg' },
  nats: 'nats://me:sesame@127.0.0.1:1',
})
const textOf = (name: string) => readFile(join(folder, name), 'utf8').catch(() => null)

async function untilStarted(): Promise<{ args: string[]; nats: string }> {
  for (;;) {
    const text = await textOf('started')
    if (text) return JSON.parse(text)
    await sleep(10)
  }
}

describe('a head that does not become ready', () => {
  it('is ended by an interruption, and nothing is left', async () => {
    const interruption = new AbortController()
    const row = startRow(options(), quiet, interruption.signal)
    await untilStarted()
    interruption.abort()
    expect(await row).toBeNull()
    expect(await textOf('ended')).toBe('')
  })

  it('is ended when its time is over, and that is said', async () => {
    const row = startRow({ ...options(), readyTimeoutMs: 1_500 }, quiet, new AbortController().signal)
    await expect(row).rejects.toMatchObject({
      code: 'E_HEAD_START',
      message: expect.stringContaining('not ready within 1.5 s'),
    })
    expect(await textOf('ended')).toBe('')
  })

  it('that ends by itself is told in its last words', async () => {
    await writeFile(process.argv[1]!, `console.error('no room'); process.exit(1)`)
    await expect(startRow(options(), quiet, new AbortController().signal)).rejects.toMatchObject({
      code: 'E_HEAD_START',
      message: expect.stringContaining('no room'),
    })
  })
})

describe('the address of a NATS server', () => {
  it('goes to the head by the environment, since anybody can read arguments', async () => {
    const interruption = new AbortController()
    const row = startRow(options(), quiet, interruption.signal)
    const { args, nats } = await untilStarted()
    interruption.abort()
    await row
    expect(nats).toBe('nats://me:sesame@127.0.0.1:1')
    expect(args[0]).toBe('head')
    expect(args.join(' ')).not.toContain('sesame')
  })
})
