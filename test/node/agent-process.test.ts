import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { GrantOrder } from '../../src/cluster/messages.ts'
import { cpuSecondsOf } from '../../src/node/process-usage.ts'
import { type Compiled, compile } from './compiled.ts'
import {
  childrenOf,
  encodersOf,
  eventually,
  grantOrder,
  isRunning,
  leaseInput,
  pictureArgs,
  residentMegabytes,
} from './fixture.ts'
import { TestHead } from './test-head.ts'

let compiled: Compiled
let head: TestHead
let host: ChildProcess

beforeAll(() => {
  compiled = compile('test/node/agent-host.ts')
})

afterAll(() => compiled.remove())

beforeEach(async () => {
  head = await TestHead.start()
  host = fork(compiled.script('test/node/agent-host.ts'), [
    head.url,
    head.certificate,
    head.node.certificate,
    head.node.key,
  ])
  await once(host, 'message')
})

afterEach(async () => {
  if (host.exitCode === null && host.signalCode === null) {
    host.kill('SIGKILL')
    await once(host, 'exit')
  }
  await head.close()
})

async function grant(order: Partial<GrantOrder>): Promise<void> {
  host.send(grantOrder(order))
  const [reply] = await once(host, 'message')
  expect(reply).toEqual({ ok: true })
}

test('an agent that is killed leaves no ffmpeg behind', async () => {
  await grant({ attempt: 'running', args: pictureArgs({ seconds: 600, pace: 'real' }) })
  await grant({ attempt: 'waiting', until: 0, args: pictureArgs({ seconds: 600 }) })
  // This one never notices by itself that its agent is gone: only the kernel can end it.
  await grant({
    attempt: 'deaf',
    args: ['-nostdin', '-v', 'quiet', '-re', '-f', 'lavfi', '-i', 'nullsrc', '-f', 'null', '-'],
  })
  await eventually('three encoders', () => encodersOf(host.pid!).length === 3)
  const processes = childrenOf(host.pid!)
  await eventually('a segment', () => head.numbers('running').length > 0)
  host.kill('SIGKILL')
  await once(host, 'exit')
  await eventually('the end of all', () => !processes.some(isRunning), 500)
})

test('an idle agent is small, uses next to no processor time, and is small again after work', async () => {
  await sleep(500)
  const before = cpuSecondsOf(host.pid!)!
  const idle = residentMegabytes(host.pid!)
  expect(idle).toBeLessThan(75)
  await sleep(4_000)
  expect((cpuSecondsOf(host.pid!)! - before) / 4).toBeLessThan(0.01)

  head.media[0] = Buffer.alloc(48 * 1024 * 1024, 1)
  const args = ['-nostdin', '-hide_banner', '-f', 'rawvideo', '-s', '1024x1024', '-i', '{input:0}']
  const inputs = [leaseInput(head, 'a', 0, 'raw')]
  await grant({ attempt: 'a', args: [...args, '-f', 'framemd5', '{output}/0'], inputs })
  await eventually('the digests', () => head.numbers('a').length === 1)
  expect(residentMegabytes(host.pid!)).toBeGreaterThan(idle + 40)
  await eventually('memory given back', () => residentMegabytes(host.pid!) < idle + 25)
})
