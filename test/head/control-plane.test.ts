import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openCertificate } from '../../src/cluster/certificate.ts'
import { openCredentials } from '../../src/cluster/credentials.ts'
import { type NatsChild, startNatsChild } from '../../src/cluster/nats-child.ts'
import { openControlPlane } from '../../src/head/control-plane.ts'
import { runPaceline } from '../fixture/paceline.ts'

let folder: string
let child: NatsChild
let natsUrl: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-control-plane-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  child = await startNatsChild('nats-server', ['-a', '127.0.0.1', '-p', '-1', '-D'])
  onTestFinished(async () => {
    child.signal('SIGKILL')
    await child.ended
  })
  const listens = /Listening for client connections on (127\.0\.0\.1:\d+)/
  const address = await eventually(() => child.lastWords().join('\n').match(listens)?.[1])
  await eventually(() => child.lastWords().some((line) => line.includes('Server is ready')) || undefined)
  natsUrl = `nats://${address}`
})

async function eventually<T>(find: () => T | undefined): Promise<T> {
  const giveUpAt = performance.now() + 5_000
  for (;;) {
    const found = find()
    if (found !== undefined) return found
    if (performance.now() > giveUpAt) throw new Error(`not in: ${child.lastWords().join('\n')}`)
    await sleep(10)
  }
}

const timesSaid = (words: string) => child.lastWords().filter((line) => line.includes(words)).length

describe('a NATS server without JetStream', () => {
  it('is refused, and both connections to it are closed', async () => {
    const opening = openControlPlane({
      ...{ dataFolder: folder, natsUrl, port: { named: undefined, kept: 0 } },
      certificate: await openCertificate(folder),
      credentials: await openCredentials(folder),
      onNotice: () => {},
      onTrouble: () => {},
      onInvalid: () => {},
      onLedgerEmptied: () => {},
    })
    await expect(opening).rejects.toMatchObject({
      code: 'E_NATS_CONNECT',
      hint: expect.stringContaining('JetStream must be on'),
    })
    await eventually(() => timesSaid('Client connection closed') === 2 || undefined)
    expect(timesSaid('Client connection created')).toBe(2)
  })

  it('ends the head with what to do, instead of keeping it waiting', async () => {
    const startedMs = performance.now()
    const { exit, stdout, stderr } = await runPaceline('--data', folder, 'head', '--nats', natsUrl)
    expect([exit, stdout]).toEqual([1, ''])
    expect(stderr).toContain('JetStream must be on')
    expect(performance.now() - startedMs).toBeLessThan(20_000)
  })
})
