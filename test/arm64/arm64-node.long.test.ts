import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { arm64Machine, emulator } from '../../scripts/arm64-machine.js'
import { type HandStartedNode, startNodeByHand } from '../faults/hand-started-node.ts'
import { startViewer } from '../faults/viewer.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'

const absent = !existsSync(emulator)
const title = absent
  ? `the agent and the shim for arm64 (skipped: there is no ${emulator}; apt-get install qemu-user-static)`
  : 'the agent and the shim for arm64, under an emulator'

describe.skipIf(absent)(title, () => {
  let machine: Awaited<ReturnType<typeof arm64Machine>>
  let paceline: RunningPaceline
  let node: HandStartedNode

  beforeAll(async () => {
    machine = await arm64Machine()
    paceline = await startPaceline({ nodes: 0 })
    node = await startNodeByHand(paceline, 'arm64', `exec '${machine.ffmpeg}' "$@"`, machine.node)
  }, 600_000)

  afterAll(async () => {
    await node?.close()
    await paceline?.stop()
  }, 60_000)

  it('are really for arm64', () => {
    const [program = '', ...args] = machine.node
    const asked = spawnSync(program, [...args, '-p', 'process.arch'], { encoding: 'utf8' })
    expect(asked.stdout.trim()).toBe('arm64')
    const { stdout } = spawnSync(machine.ffmpeg, ['-hide_banner', '-buildconf'], { encoding: 'utf8' })
    expect(stdout).toContain('--arch=arm64')
  })

  it('join a head, hand over a job, and make every frame and all the sound of a film', async () => {
    const { stdout } = await paceline.run('status', '--json')
    const { nodes } = JSON.parse(stdout) as { nodes: { name: string; platforms: string[] }[] }
    expect(nodes).toMatchObject([
      { name: 'arm64', platforms: expect.arrayContaining(['software']) as string[] },
    ])
    const viewer = await startViewer(
      { ...paceline, shim: machine.shim },
      { seconds: 8, size: '160x90', clip: { size: '320x180' } },
    )
    try {
      await viewer.expectWholeFilm()
    } finally {
      await viewer.close()
    }
    expect(node.log()).toContain('"outcome":"clean"')
  })
})
