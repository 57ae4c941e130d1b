import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { type NatsChild, startNatsChild } from '../../src/cluster/nats-child.ts'
import { makeClip } from '../clips/make-clip.ts'
import { projectFolder, type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { Intruder } from './intruder.ts'

let nats: NatsChild | undefined
let paceline: RunningPaceline | undefined
let node: ChildProcess | undefined
let folder = ''

afterAll(async () => {
  node?.kill('SIGINT')
  if (node && node.exitCode === null) await once(node, 'exit')
  await paceline?.stop()
  nats?.signal('SIGKILL')
  await nats?.ended
  if (folder) await rm(folder, { recursive: true, force: true })
})

it('on somebody else’s NATS server, too, a node that is removed is out within a second, and hears it', async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-other-nats-'))
  nats = await startNatsChild('nats-server', ['-a', '127.0.0.1', '-p', '-1', '-js', '-sd', folder])
  const listening = () => /Listening for client connections on (\S+)/.exec(nats!.lastWords().join('\n'))?.[1]
  await expect.poll(listening).toBeDefined()
  paceline = await startPaceline({ nodes: 1, args: ['--nats', `nats://${listening()}`] })
  const intruder = await Intruder.at(paceline)
  const token = await intruder.token({ name: 'leaving' })
  let words = ''
  const own = join(folder, 'own')
  node = spawn(
    process.execPath,
    [join(projectFolder, 'bin', 'paceline.js'), '--data', own, 'node', '--json', '--join', token],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  node.stderr!.setEncoding('utf8').on('data', (text: string) => {
    words += text
  })
  await expect.poll(() => words, { timeout: 10_000 }).toContain('node is ready')
  const clip = await makeClip({ container: 'mkv', seconds: 20 })
  const work = paceline.run('transcode', clip, join(folder, 'out.mp4'), '--json')
  await sleep(500)
  const startedMs = performance.now()
  expect((await paceline.run('nodes', 'remove', 'leaving')).exit).toBe(0)
  const { keys } = JSON.parse(await readFile(join(own, 'node', 'node.json'), 'utf8'))
  expect(await intruder.send('GET', '/data/v1/media/a/0', { identity: keys.identity })).toMatchObject({
    ...{ status: 401, code: 'E_NODE_REMOVED' },
  })
  const lastedMs = performance.now() - startedMs
  const { exit, stdout, stderr } = await work
  expect([exit, stderr]).toEqual([0, ''])
  expect(JSON.parse(stdout).frames).toBe(500)
  // It goes on to beat there, and is no node all the same.
  await expect.poll(() => words, { timeout: 6_000 }).toContain('E_NODE_REMOVED')
  const { stdout: list } = await paceline.run('nodes', 'list', '--json')
  expect(JSON.parse(list)).toMatchObject([{ name: 'node-1' }])
  console.info(`out after ${lastedMs.toFixed(0)} ms, the start of the command included`)
}, 60_000)
