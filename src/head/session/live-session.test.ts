import { readdir } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { audioPid, readProgramMap } from '../../container/mpegts/tables.ts'
import { samplePictures, sampleVideoSegment } from '../../container/mpegts/testing/sample-segment.ts'
import { readAccessUnits } from '../../container/mpegts/units.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import { eventually } from '../testing/eventually.ts'
import { type SampleFilm, sampleFilm } from '../testing/sample-film.ts'
import type { SentOrder } from '../testing/small-fleet.ts'
import { openStage, type SmallStage } from '../testing/small-stage.ts'

/** Frames of sound in 12 s: 562.5, and the half one more. */
const soundOfAll = 563
const whole = sampleFilm(300, soundOfAll)

let stage: SmallStage

afterEach(() => stage.close())

async function play(film: SampleFilm, ...nodes: string[]): Promise<void> {
  stage = await openStage(film)
  stage.use(...(nodes.length > 0 ? nodes : ['a', 'b']))
}

const publishedNumbers = () => stage.output.published.map(({ segment }) => segment)
const publishedFrames = () => stage.output.published.map(({ frames }) => frames)
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

/** Numbers of all frames of sound that were published, in order. */
function soundNumbers(): number[] {
  return stage.output.published.flatMap(({ bytes }) =>
    readAccessUnits(bytes, audioPid).flatMap(({ data }) =>
      range(0, data.length / 60).map((index) => data.readUInt32BE(index * 60)),
    ),
  )
}

describe('a session that goes well', () => {
  it.each([['a'], ['b', 'a']])(
    'publishes every segment once, in order, with nodes %s %s',
    async (...nodes) => {
      await play(whole, ...nodes)
      expect(await stage.session.ended).toEqual({ how: 'finished' })
      expect(publishedNumbers()).toEqual([0, 1, 2, 3, 4, 5])
      expect(publishedFrames()).toEqual([50, 50, 50, 50, 50, 50])
      expect(soundNumbers()).toEqual(range(0, soundOfAll))
    },
  )

  it('opens its output once, before the first segment', async () => {
    await play(whole)
    await stage.session.ended
    expect(stage.output.calls).toEqual(['opened', ...range(0, 6).map((n) => `publish ${n}`)])
  })

  it('opens nothing behind segments that come before the answers to their grants', async () => {
    stage = await openStage(whole)
    const order = stage.fleet.order.bind(stage.fleet)
    stage.fleet.order = async (node, wanted) => {
      const outcome = await order(node, wanted)
      await eventually(() => stage.output.published.length > 1)
      return outcome
    }
    stage.use('a', 'b')
    expect(await stage.session.ended).toEqual({ how: 'finished' })
    expect(stage.output.calls).toEqual(range(0, 6).map((n) => `publish ${n}`))
  })

  it('says which segment is the last, and where each begins and ends', async () => {
    await play(whole)
    await stage.session.ended
    expect(stage.output.published.map(({ last }) => last)).toEqual([false, false, false, false, false, true])
    const times = stage.output.published.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])
    expect(times).toEqual(range(0, 6).map((n) => [n * 2, n * 2 + 2]))
  })

  it('leaves nothing on the disk and no lease that may use the data plane', async () => {
    await play(whole)
    await stage.session.ended
    expect(await readdir(stage.parent)).toEqual([])
    expect(stage.carrier.all()).toEqual([])
    for (const { order } of stage.fleet.orders) {
      expect(stage.leases.find(order.attempt, 'a')).toBe('over')
    }
  })

  it('counts what was made, and by whom', async () => {
    await play(whole)
    await stage.session.ended
    const { tally } = stage.session
    expect(tally).toMatchObject({ frames: 300, publishedSegments: 6, publishedUntilSeconds: 12 })
    const shares = [...tally.segmentsByNode.values()]
    expect(shares.reduce((sum, count) => sum + count, 0)).toBe(6)
    expect(tally.arrivals.map(({ segment }) => segment).toSorted((a, b) => a - b)).toEqual(range(0, 6))
  })

  it('is finished only when the last segment is in place', async () => {
    stage = await openStage(whole)
    let isPlaced = false
    stage.output.gate = async (segment) => {
      if (segment < 5) return
      await new Promise((resolve) => setTimeout(resolve, 60))
      isPlaced = true
    }
    stage.use('a', 'b')
    await stage.session.ended
    expect(isPlaced).toBe(true)
  })
})

describe('where the input ends', () => {
  it('takes a short segment for the last one when its lease ended cleanly behind it', async () => {
    await play(sampleFilm(230, 432))
    expect(await stage.session.ended).toEqual({ how: 'finished' })
    expect(publishedFrames()).toEqual([50, 50, 50, 50, 30])
    const last = stage.output.published.at(-1)!
    expect(last.last).toBe(true)
    expect(last.endSeconds).toBeCloseTo(9.2, 9)
    expect(last.endVideoSeconds).toBe(last.endSeconds)
  })

  it('goes on behind the expected end when the input does', async () => {
    await play(sampleFilm(410, 769))
    expect(await stage.session.ended).toEqual({ how: 'finished' })
    expect(publishedFrames()).toEqual([...range(0, 8).map(() => 50), 10])
  })

  it('does not take a short segment in the middle for a whole one', async () => {
    stage = await openStage(whole)
    const torn = sampleFilm(120, soundOfAll).segment('video', 2)!
    let isTorn = true
    const original = stage.session.store.bind(stage.session)
    // The first time, the third segment comes torn and its lease fails behind it.
    stage.session.store = (attempt, segment, bytes) => {
      const isPicture = stage.carrier.lease(attempt)?.part === 'video'
      if (!isPicture || segment !== 2 || !isTorn) return original(attempt, segment, bytes)
      isTorn = false
      return original(attempt, segment, torn).then(() => 'the disk of the node is full')
    }
    stage.use('a', 'b')
    expect(await stage.session.ended).toEqual({ how: 'finished' })
    expect(isTorn).toBe(false)
    expect(publishedFrames()).toEqual([50, 50, 50, 50, 50, 50])
  })
})

describe('sound', () => {
  it('that outlives the picture goes into the last segment', async () => {
    await play(sampleFilm(300, 700))
    await stage.session.ended
    expect(publishedNumbers()).toEqual(range(0, 6))
    expect(soundNumbers()).toEqual(range(0, 700))
    expect(stage.output.published.at(-1)!.endAudioSeconds).toBeCloseTo((700 * 1_024) / 48_000, 6)
  })

  it('that ends early leaves the later segments without any, but with its stream', async () => {
    await play(sampleFilm(300, 200))
    expect(await stage.session.ended).toEqual({ how: 'finished' })
    expect(soundNumbers()).toEqual(range(0, 200))
    const [last] = stage.output.published.slice(-1)
    expect(readProgramMap(last!.bytes).length).toBe(2)
    expect(last!.endAudioSeconds).toBe(last!.startSeconds)
  })

  it('that is none is not waited for', async () => {
    await play(sampleFilm(300, null))
    expect(await stage.session.ended).toEqual({ how: 'finished' })
    expect(readProgramMap(stage.output.published[0]!.bytes).length).toBe(1)
    expect(stage.fleet.orders.some(({ order }) => 'part' in order && order.part === 'audio')).toBe(false)
  })

  it('that was promised and is not there is not waited for either', async () => {
    await play(sampleFilm(300, 0, samplePlan))
    expect(await stage.session.ended).toEqual({ how: 'finished' })
    expect(publishedNumbers()).toEqual(range(0, 6))
  })
})

describe('a session that cannot go on', () => {
  it('fails when its output cannot be written, and takes its leases back', async () => {
    stage = await openStage(whole)
    stage.output.failsAt = 2
    stage.fleet.gate = (_node, part, segment) =>
      part === 'video' && segment === 5 ? new Promise(() => {}) : Promise.resolve()
    stage.use('a', 'b')
    expect(await stage.session.ended).toEqual({ how: 'failed', reason: 'no space left on device' })
    expect(publishedNumbers()).toEqual([0, 1])
    expect(stage.carrier.all()).toEqual([])
    expect(stage.fleet.orders.map(({ order }) => order.type)).toContain('cancel')
    expect(await readdir(stage.parent)).toEqual([])
  })

  it('fails when its output cannot even be opened', async () => {
    stage = await openStage(whole)
    stage.output.opened = () => Promise.reject(new Error('the folder is gone'))
    stage.use('a')
    expect(await stage.session.ended).toEqual({ how: 'failed', reason: 'the folder is gone' })
  })

  it('fails when one segment fails everywhere, and says what the node said', async () => {
    stage = await openStage({
      plan: whole.plan,
      segment: (part, number) =>
        part === 'video' && number === 3 ? Buffer.alloc(188 * 4) : whole.segment(part, number),
    })
    stage.use('a', 'b')
    const end = await stage.session.ended
    expect(end.how).toBe('failed')
    expect(end).toMatchObject({ reason: expect.stringContaining('failed at segment 3 of video') })
    expect(end).toMatchObject({ reason: expect.stringContaining('no sync byte') })
    expect(await readdir(stage.parent)).toEqual([])
  })

  it('fails when a lease cannot be compiled, instead of taking the head down', async () => {
    stage = await openStage(whole)
    stage.carrier.grant = () => Promise.reject(new RangeError('this plan has no sound'))
    stage.use('a')
    expect(await stage.session.ended).toEqual({ how: 'failed', reason: 'this plan has no sound' })
  })
})

describe('killing a session', () => {
  it('cancels what runs and leaves nothing on the disk', async () => {
    stage = await openStage(whole)
    stage.fleet.gate = (_node, _part, segment) => (segment < 2 ? Promise.resolve() : new Promise(() => {}))
    stage.output.gate = async (segment) => {
      if (segment === 1) stage.session.kill()
    }
    stage.use('a', 'b')
    expect(await stage.session.ended).toEqual({ how: 'killed' })
    const granted = stage.fleet.orders.filter(({ order }) => order.type === 'grant').length
    const cancelled = new Set(
      stage.fleet.orders.filter(({ order }) => order.type === 'cancel').map(({ order }) => order.attempt),
    )
    expect(cancelled.size).toBe(granted)
    expect(await readdir(stage.parent)).toEqual([])
  })

  it('tells whoever still offers a segment that the session is gone', async () => {
    await play(whole)
    const { order } = stage.fleet.orders[0]!
    stage.session.kill()
    expect(stage.session.verdict(order.attempt, 0)).toBe('gone')
    expect(stage.leases.find(order.attempt, 'a')).toBe('over')
    await stage.session.ended
    expect(await stage.session.store(order.attempt, 0, whole.segment('video', 0)!)).toBe('the lease is over')
  })

  it('counts once, and not at all after the end', async () => {
    await play(whole)
    await stage.session.ended
    stage.session.kill()
    stage.session.kill()
    expect(await stage.session.ended).toEqual({ how: 'finished' })
  })
})

describe('two copies of one segment', () => {
  it('are one: a copy that is written later does not replace the whole one that came first', async () => {
    stage = await openStage(whole)
    // Pictures are delivered by hand below; sound comes when that is done, and nothing is published before.
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    stage.fleet.gate = (_node, part) => (part === 'audio' ? released : new Promise(() => {}))
    stage.use('a')
    const isPicture = ({ order }: SentOrder) => order.type === 'grant' && order.part === 'video'
    const { attempt } = stage.fleet.orders.find(isPicture)!.order
    const frameTicks = 3_600
    // Fewer pictures, and so large that writing it takes longer.
    const late = sampleVideoSegment(
      samplePictures({
        count: 20,
        firstPts: 1_800_000,
        frameTicks,
        reorderTicks: 2 * frameTicks,
        bytes: 400_000,
      }),
    )
    const copies = [late, whole.segment('video', 0)!]
    const answers = await Promise.all(copies.map((bytes) => stage.session.store(attempt, 0, bytes)))
    expect(answers).toEqual([null, null])
    expect(stage.session.verdict(attempt, 0)).toBe('duplicate')
    expect(stage.session.tally.arrivals).toEqual([{ segment: 0, node: 'name of a' }])
    release()
    await eventually(() => stage.output.published.length > 0)
    expect(stage.output.published[0]!.frames).toBe(50)
  })
})

describe('a node that is lost', () => {
  it('has its segments made by another one', async () => {
    stage = await openStage(whole)
    stage.fleet.gate = (node, part, segment) =>
      node === 'b' && part === 'video' && segment > 3 ? new Promise(() => {}) : Promise.resolve()
    stage.use('a', 'b')
    await new Promise((resolve) => setTimeout(resolve, 150))
    stage.fleet.lose('b')
    stage.session.nodeLost('b')
    expect(await stage.session.ended).toEqual({ how: 'finished' })
    expect(publishedNumbers()).toEqual(range(0, 6))
    expect(soundNumbers()).toEqual(range(0, soundOfAll))
  })

  it('is found out by its order when nobody listens', async () => {
    stage = await openStage(whole)
    stage.fleet.answer = ({ node }) =>
      node === 'b' ? { answered: false, why: 'no-responders', message: 'b is gone' } : undefined
    stage.use('a', 'b')
    expect(await stage.session.ended).toEqual({ how: 'finished' })
    expect([...stage.session.tally.segmentsByNode.keys()]).toEqual(['name of a'])
  })

  it('is not waited for when it hangs with a segment: another makes that, too, and it is counted', async () => {
    stage = await openStage(whole, 'stream')
    stage.fleet.gate = (node, part) =>
      node === 'a' && part === 'video' ? new Promise(() => {}) : Promise.resolve()
    const speed = 20
    stage.session.setNodes(['a', 'b'].map((id) => ({ id, cores: 1, speed })))
    expect(await stage.session.ended).toEqual({ how: 'finished' })
    expect(publishedNumbers()).toEqual(range(0, 6))
    expect([...stage.session.tally.segmentsByNode.keys()]).toEqual(['name of b'])
    expect(stage.session.tally.hedges).toBe(1)
  })

  it('whose ffmpeg cannot be started is one that failed', async () => {
    stage = await openStage(whole)
    stage.fleet.answer = ({ node, order }) =>
      node === 'b' && order.type === 'grant'
        ? { answered: true, reply: { ok: false, code: 'spawn-failed', message: 'no such file' } }
        : undefined
    stage.use('a', 'b')
    expect(await stage.session.ended).toEqual({ how: 'finished' })
    expect([...stage.session.tally.segmentsByNode.keys()]).toEqual(['name of a'])
  })
})

describe('a stream', () => {
  it('does not run further ahead than its look-ahead while nobody publishes', async () => {
    const long = sampleFilm(50 * 200, null, {
      ...{ ...samplePlan, audio: null },
      timeline: { ...samplePlan.timeline, expectedEndSlot: 50 * 200 },
    })
    stage = await openStage(long, 'stream')
    stage.output.gate = () => new Promise(() => {})
    stage.use('a', 'b')
    const furthest = () => Math.max(...stage.session.tally.arrivals.map(({ segment }) => segment))
    await eventually(() => furthest() > 10)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(furthest()).toBeLessThanOrEqual(31)
  })

  it('says by how much it leads, and a whole file that it has no player', async () => {
    stage = await openStage(whole, 'stream')
    stage.use('a', 'b')
    await stage.session.ended
    expect(stage.session.leadSeconds()).toBeGreaterThan(11)
    const file = await openStage(whole, 'file')
    expect(file.session.leadSeconds()).toBe(Number.POSITIVE_INFINITY)
    await file.close()
  })
})
