import { describe, expect, it } from 'vitest'
import type { Plan } from '../../plan/plan.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import { platforms } from '../../platforms/all.ts'
import type { Capabilities } from '../../platforms/capabilities.ts'
import { nvidiaChip } from '../../platforms/nvidia.ts'
import { rockchipChip } from '../../platforms/rockchip.ts'
import type { RungName } from '../../platforms/rungs.ts'
import { v4l2Chip } from '../../platforms/v4l2.ts'
import type { Way } from '../../platforms/ways.ts'
import { type OfferingNode, offersOf, reachOf, sessionPlatform, waysOfLeases } from './session-platform.ts'

const hdr: Plan = {
  ...samplePlan,
  video: {
    ...samplePlan.video,
    decoded: { codec: 'hevc', bits: 10 },
    operations: [{ kind: 'tone-map', curve: 'hable', transfer: 'pq' }],
  },
}
const plainFilm: Plan = {
  ...samplePlan,
  video: { ...samplePlan.video, decoded: { codec: 'h264', bits: 8 } },
}

const scaled: Plan = {
  ...plainFilm,
  video: {
    ...plainFilm.video,
    operations: [{ kind: 'scale', width: '640', height: '360' }, ...plainFilm.video.operations],
  },
}

let counter = 0
const node = (names: readonly string[], more: Partial<OfferingNode> = {}): OfferingNode => ({
  ...{ id: `n${counter++}`, cores: 4, platforms: names },
  ...more,
})
const plain = () => node(['software'])
const ours = () => node(['software', 'paceline-tone-map'])
const chip = (capabilities: Capabilities, name = 'nvidia', more: readonly string[] = []): OfferingNode =>
  node([name, ...more, 'software'], { capabilities: new Map([[name, capabilities]]) })
const nvenc = () => chip(nvidiaChip.usual)
const noNvenc = { ...nvidiaChip.usual, encoders: [] }
const withSpeed = (framesPerSecond: number): Capabilities => ({
  ...nvidiaChip.usual,
  encoders: nvidiaChip.usual.encoders.map((encoder) => ({ ...encoder, framesPerSecond })),
})

const wayText = (way: { platform: { name: string }; rung?: RungName } | null): string | null =>
  way && (way.rung ? `${way.platform.name}:${way.rung}` : way.platform.name)

describe('what a session is compiled for', () => {
  const chosen = (plan: Plan, ...moments: readonly OfferingNode[][]) => {
    const platform = sessionPlatform({ plan })
    return moments.map((offers) => platform.choose(offers).map(({ name }) => name))
  }

  it('is the best that a node has, and nodes that have only others take no part', () => {
    expect(chosen(hdr, [plain(), ours()])).toEqual([['paceline-tone-map']])
    const platform = sessionPlatform({ plan: hdr })
    const nodes = [plain(), ours()]
    platform.choose(nodes)
    expect(nodes.map((each) => wayText(platform.wayOf(each)))).toEqual([null, 'paceline-tone-map'])
  })

  it('stays the same when a better node comes, since pictures would change where leases meet', () => {
    const all = chosen(hdr, [plain()], [plain(), ours()], [ours()])
    expect(all).toEqual([['software'], ['software'], ['software']])
  })

  it('changes when no node is left that has it', () => {
    expect(chosen(hdr, [ours(), plain()], [plain()], [plain(), ours()])).toEqual([
      ['paceline-tone-map'],
      ['software'],
      ['software'],
    ])
  })

  it('is open until the first node comes, and stays what it was while all are away', () => {
    expect(chosen(hdr, [], [ours()], [])).toEqual([
      platforms.map(({ name }) => name),
      ['paceline-tone-map'],
      ['paceline-tone-map'],
    ])
  })

  it('is what every FFmpeg can do where there is nothing that only ours does', () => {
    expect(chosen(samplePlan, [plain(), ours()])).toEqual([['software']])
  })

  it('is what an earlier head had chosen', () => {
    const before = sessionPlatform({ plan: hdr })
    before.choose([plain()])
    const after = sessionPlatform({ plan: hdr, before: before.look })
    expect(after.choose([plain(), ours()]).map(({ name }) => name)).toEqual(['software'])
  })
})

describe('a chip', () => {
  it('makes a stream alone where it is fast enough, and processors with another look take no part', () => {
    const platform = sessionPlatform({ plan: plainFilm })
    const nodes = [plain(), nvenc(), plain()]
    expect(platform.choose(nodes).map(({ name }) => name)).toEqual(['nvidia'])
    expect(nodes.map((each) => wayText(platform.wayOf(each)))).toEqual([null, 'nvidia:full', null])
  })

  it('without an encoder does what it can beside processors, with the look of their library', () => {
    const platform = sessionPlatform({ plan: hdr })
    const nodes = [ours(), chip(noNvenc, 'nvidia', ['paceline-tone-map'])]
    expect(platform.choose(nodes).map(({ name }) => name)).toEqual(['nvidia', 'paceline-tone-map'])
    expect(nodes.map((each) => wayText(platform.wayOf(each)))).toEqual([
      'paceline-tone-map',
      'nvidia:decode-filter',
    ])
  })

  it('that was proved to be slower than a stream plays is left out while processors are faster', () => {
    const platform = sessionPlatform({ plan: plainFilm })
    const slow = chip(withSpeed(2))
    platform.choose([slow, plain()])
    expect(wayText(platform.wayOf(slow))).toBe('nvidia:decode-filter')
    expect(platform.look).toContain('libx264')
  })

  it('gives way to the sum of processors in a whole file, where they are faster together', () => {
    const many = Array.from({ length: 12 }, plain)
    const modest = chip(withSpeed(30))
    const file = sessionPlatform({ plan: plainFilm, mode: 'file' })
    file.choose([modest, ...many])
    expect(wayText(file.wayOf(many[0]!))).toBe('software')
    const alone = sessionPlatform({ plan: plainFilm, mode: 'file' })
    alone.choose([chip(withSpeed(3_000)), plain()])
    expect(alone.look).toContain('h264_nvenc')
  })

  it('that no other could stand in for makes no film whose parameter sets stand at its beginning', () => {
    const dash: Plan = {
      ...plainFilm,
      packaging: { kind: 'matroska' } as unknown as Plan['packaging'],
    }
    const fleets = [[nvenc(), plain(), plain()], [nvenc(), nvenc(), plain()], [nvenc(), plain()], [nvenc()]]
    const looks = fleets.map((nodes) => {
      const platform = sessionPlatform({ plan: dash })
      platform.choose(nodes)
      return platform.look?.includes('nvenc')
    })
    expect(looks).toEqual([false, true, false, true])
  })
})

describe('ways that are left', () => {
  const left = new Set<string>()
  const mayPicture = (_node: string, platform: string, rung?: RungName) => !left.has(`${platform}:${rung}`)

  /** The ways of a node, one after the other, as each of those fails that are to. */
  const failing = (
    platform: ReturnType<typeof sessionPlatform>,
    only: OfferingNode,
    fails: (way: Way) => boolean,
  ): string[] => {
    const seen: string[] = []
    for (;;) {
      platform.choose([only])
      const way = platform.wayOf(only)
      seen.push(wayText(way) ?? 'none')
      if (!way?.rung || !fails(way)) return seen
      left.add(wayText(way)!)
    }
  }

  it.each([
    ['decode', ['full', 'copy-back', 'upload']],
    ['filter', ['full', 'copy-back']],
    ['encode', ['full', 'copy-back', 'upload', 'decode-filter']],
  ] as const)('are those that use what is broken, if it is what can %s, and no more', (broken, rungs) => {
    left.clear()
    const platform = sessionPlatform({ plan: scaled, mayPicture })
    const seen = failing(platform, nvenc(), ({ uses }) => uses.includes(broken))
    expect(seen).toEqual(rungs.map((rung) => `nvidia:${rung}`))
  })

  it('are passed over for the next one with the same look, and that changes when there is none', () => {
    left.clear()
    const platform = sessionPlatform({ plan: scaled, mayPicture })
    const only = nvenc()
    expect(failing(platform, only, () => true)).toEqual([
      ...['nvidia:full', 'nvidia:copy-back', 'nvidia:upload', 'nvidia:decode-filter', 'software'],
    ])
    left.clear()
    platform.choose([only])
    // They are trusted again, but pictures do not change their look once more for that.
    expect(wayText(platform.wayOf(only))).toBe('nvidia:decode-filter')
  })
})

describe('looks of chips that fail wherever they can be made', () => {
  const boards = [nvenc(), chip(v4l2Chip.usual, 'v4l2'), chip(rockchipChip.usual, 'rockchip')]
  const broken = new Set<string>()
  const mayPicture = (node: string, platform: string, rung?: RungName) =>
    !broken.has(`${node} ${platform}:${rung}`)

  /** The looks of a session whose ways all fail but those of processors. */
  function looks(nodes: readonly OfferingNode[]): string[] {
    broken.clear()
    const platform = sessionPlatform({ plan: scaled, mayPicture })
    const seen: string[] = []
    for (;;) {
      platform.choose(nodes)
      if (seen.at(-1) !== platform.look) seen.push(platform.look!)
      const working = nodes.find((node) => platform.wayOf(node))
      const way = working && platform.wayOf(working)
      if (!working || !way?.chipEncodes) return seen
      broken.add(`${working.id} ${way.platform.name}:${way.rung}`)
    }
  }

  it('are two at most: then processors do it', () => {
    const seen = looks(boards)
    expect(seen).toHaveLength(3)
    expect(seen.slice(0, 2).every((look) => /nvenc|v4l2|rkmpp/.test(look))).toBe(true)
    expect(seen[2]).toMatch(/libx264/)
  })

  it('do not count where their nodes have only gone away', () => {
    const platform = sessionPlatform({ plan: scaled })
    const all = boards.map((board) => {
      platform.choose([board])
      return platform.look
    })
    expect(all.every((look) => /nvenc|v4l2|rkmpp/.test(look!))).toBe(true)
    expect(new Set(all).size).toBe(3)
  })
})

it('a lease reaches as far as an encoder that counts its key frames', () => {
  const rate = { num: 24000, den: 1001 }
  const uneven: Plan = {
    ...plainFilm,
    video: { ...plainFilm.video, rate, encoder: { codec: 'h264', bitrate: '2M', tuning: [] } },
    timeline: { ...plainFilm.timeline, rate, segmentSeconds: 3, expectedEndSlot: 24_000 },
  }
  const board = chip(v4l2Chip.usual, 'v4l2')
  const fleet = { node: () => board } as unknown as Parameters<typeof reachOf>[1]
  const platform = sessionPlatform({ plan: uneven })
  platform.choose([board])
  const range = { from: 0, to: 100, open: true }
  const reach = reachOf(uneven, fleet, platform.wayOf(board), board.id, range)
  expect(reach).toBeGreaterThan(0)
  expect(reach).toBeLessThan(100)
  expect(reachOf(uneven, fleet, null, board.id, range)).toBe(100)
})

it('offers of a first responder count only where nobody else is', () => {
  const [own, other] = [node(['software'], { firstResponder: true }), plain()]
  expect(offersOf([own, other])).toEqual([other])
  expect(offersOf([own])).toEqual([own])
})

it('how leases are made is written down by attempt', () => {
  const lease = { attempt: 'a', part: 'video', node: 'n', nodeName: 'n', from: 0, grantedMs: 0 }
  const leases = [
    { ...lease, platform: 'nvidia', rung: 'full' as const },
    { ...lease, attempt: 'b' },
  ]
  expect(waysOfLeases(leases)).toEqual({ a: { platform: 'nvidia', rung: 'full' } })
})
