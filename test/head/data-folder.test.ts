import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { startHead } from '../../src/head/head.ts'

it('A running head lets others reach its socket, and none of its secrets', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'paceline-modes-'))
  onTestFinished(() => rm(parent, { recursive: true, force: true }))
  const dataFolder = join(parent, 'data')
  const head = await startHead({
    ...{ dataFolder, host: '127.0.0.1', port: undefined, natsPort: undefined, natsUrl: undefined },
    ...{ mediaRoots: [], transcodeRoots: [] },
    ...{ ffmpeg: 'ffmpeg', version: '0', log: pino({ level: 'silent' }) },
  })
  onTestFinished(() => head.close())
  const modeOf = async (path: string) => (await lstat(path)).mode & 0o777
  expect(await modeOf(dataFolder)).toBe(0o711)
  const entries = await readdir(dataFolder, { withFileTypes: true })
  const modes = await Promise.all(
    entries.map(async ({ name }) => [name, await modeOf(join(dataFolder, name))] as const),
  )
  const secret = ['api-token', 'certificate-key.pem', 'credentials.json', 'nats']
  expect(modes.map(([name]) => name)).toEqual(expect.arrayContaining(secret))
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  for (const [name, mode] of modes) {
    const wanted = name === 'door' ? 0o750 : folders.includes(name) ? 0o700 : 0o600
    expect([name, mode]).toEqual([name, wanted])
  }
  expect(await modeOf(join(dataFolder, 'door', 'head.sock'))).toBe(0o660)
})
