import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { expectCopied } from './expect-copied-sound.ts'
import { LeaseRunner } from './lease-runner.ts'

let runner: LeaseRunner
let folder: string
beforeAll(async () => {
  runner = await LeaseRunner.open()
  folder = await mkdtemp(join(tmpdir(), 'paceline-copied-sound-'))
})
afterAll(async () => {
  await runner.close()
  await rm(folder, { recursive: true, force: true })
})

describe('copied sound beside encoded pictures', () => {
  it('is what the server’s own makes, also of leases that are cut at every segment: AAC in MP4', async () => {
    const clip = { container: 'mp4', audio: 'aac-44100', seconds: 4 } as const
    await expectCopied(runner, folder, { clip, most: 0 }, ['granted'])
  })
})
