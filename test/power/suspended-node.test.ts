import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type LoneHead, startLoneHead } from '../head/head-and-nodes.ts'
import { statusOf } from './sleeping-boards.ts'

const mac = '02:1a:2b:00:ff:0a'
const magic = Buffer.concat([
  Buffer.alloc(6, 0xff),
  ...Array.from({ length: 16 }, () => Buffer.from(mac.replaceAll(':', ''), 'hex')),
])
const secureOn = '5e:c2:e7:0f:0a:11'

/** A machine's suspend: the agent stands still soon after its order came, before it has answered that. */
const suspend = `#!/bin/sh
echo "$1" >>"$(dirname "$0")/orders"
sleep 0.3
kill -STOP "$(cat "$(dirname "$0")/pid")"
`

let folder: string
let head: LoneHead
let pid: number | undefined
const card = createSocket('udp4')
const packets: Buffer[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-suspended-'))
  card.bind(0, '127.0.0.1')
  await once(card, 'listening')
  // The network card of a machine that is suspended.
  card.on('message', (packet) => {
    packets.push(packet)
    if (packet.subarray(0, magic.length).equals(magic) && pid) process.kill(pid, 'SIGCONT')
  })
})
afterEach(async () => {
  if (pid) process.kill(pid, 'SIGCONT')
  await head?.stop()
  card.close()
  await rm(folder, { recursive: true, force: true })
})

it('a node is suspended by its own agent, and woken by the magic packet as the same agent', async () => {
  const program = join(folder, 'power')
  await writeFile(program, suspend)
  await chmod(program, 0o755)
  const on = {
    ...{ driver: 'wake-on-lan', mac, secureOn, packets: 1 },
    ...{ broadcast: ['127.0.0.1'], port: card.address().port, confirmSeconds: 0 },
  }
  const driver = { driver: 'pair', on, off: [{ driver: 'agent', action: 'suspend' }], settleSeconds: 0 }
  const nodes = { sleeper: { idleWatts: 5, busyWatts: 12, sleepSeconds: 0, driver } }
  const config = join(folder, 'paceline.yaml')
  // Nobody but this test puts it to sleep.
  await writeFile(config, JSON.stringify({ power: { minOnSeconds: 600, startSet: 0, nodes } }))
  head = await startLoneHead('--config', config, '--first-responder', 'off')
  const node = await head.node('sleeper', 'sh', '-c', `exec "$@" --power-by ${program}`, 'sh')
  pid = node.child.pid!
  await writeFile(join(folder, 'pid'), String(pid))
  const status = await statusOf(head.dataFolder)
  const becomes = (state: string) =>
    expect
      .poll(async () => (await status()).power.nodes.find(({ name }) => name === 'sleeper')?.state, {
        ...{ timeout: 30_000, interval: 50 },
      })
      .toBe(state)

  await becomes('ready')
  await head.run('nodes', 'sleep', 'sleeper', '--force')
  await becomes('off')
  expect(await readFile(join(folder, 'orders'), 'utf8')).toBe('suspend\n')
  expect(packets).toEqual([])

  await head.run('nodes', 'wake', 'sleeper', '--minutes', '0')
  await becomes('ready')
  expect(packets).toEqual([Buffer.concat([magic, Buffer.from(secureOn.replaceAll(':', ''), 'hex')])])
  expect(node.child.exitCode).toBeNull()
  // What it was told while it slept it would do as it wakes.
  expect(await readFile(join(folder, 'orders'), 'utf8')).toBe('suspend\n')
  expect(head.log()).toContain('a node has woken')
  expect(head.log()).not.toMatch(/E_NODE_SLEEP|E_NODE_WAKE|is gone that nobody|5e:c2/)
}, 60_000)
