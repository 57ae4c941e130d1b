import { afterEach, describe, expect, it } from 'vitest'
import { openApiClient } from '../../src/cli/api-client.ts'
import { startPaceline } from '../fixture/paceline.ts'
import { badEncoders, unhurried } from './bad-encoders.ts'
import { startNodeByHand } from './hand-started-node.ts'
import { startViewer } from './viewer.ts'

const closers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

interface Status {
  readonly nodes: readonly {
    readonly name: string
    readonly keptOff: readonly { readonly work: string; readonly reason: string }[]
  }[]
}

describe('nodes whose ffmpeg crashes, hangs, ends half-way and sends garbage, and one that works', () => {
  it('give a viewer two whole films, and lose the trust that their faults deserve', async () => {
    const paceline = await startPaceline({ nodes: 0 })
    closers.push(() => paceline.stop())
    const scripts = Object.entries({ good: unhurried, ...badEncoders })
    const nodes = await Promise.all(scripts.map(([name, script]) => startNodeByHand(paceline, name, script)))
    for (const node of nodes) closers.push(() => node.close())
    for (let film = 0; film < 2; film += 1) {
      const viewer = await startViewer(paceline, { seconds: 24, size: '320x180' })
      closers.push(() => viewer.close())
      await viewer.expectWholeFilm()
    }
    const { nodes: listed } = await (await openApiClient(paceline.dataFolder)).get<Status>('/status')
    const keptOff = Object.fromEntries(listed.map((node) => [node.name, node.keptOff]))
    expect(keptOff.good).toEqual([])
    expect(nodes.map((node) => /"outcome":"failed"/.test(node.log()))[0]).toBe(false)
    const off = Object.values(keptOff).flat()
    expect(off.map(({ work }) => work)).toContain('software: h264 8-bit, scale to h264')
    const { stdout } = await paceline.run('status')
    for (const { reason } of off) expect(stdout).toContain(`(${reason})`)
  })
})
