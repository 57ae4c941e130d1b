import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { GrantOrder } from '../../cluster/messages.ts'
import type { BurntText, Plan } from '../../plan/plan.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import { eventually } from '../testing/eventually.ts'
import { type SampleFilm, sampleFilm } from '../testing/sample-film.ts'
import { openStage, type SmallStage } from '../testing/small-stage.ts'

const text: BurntText = {
  ...{ kind: 'burn-text', source: { input: 0, stream: 2 }, alone: false },
  style: [],
  fonts: ['/fonts/a.otf'],
}
const plan: Plan = { ...samplePlan, video: { ...samplePlan.video, operations: [text] } }
const bare = sampleFilm(300, 563, plan)

const words =
  '[Events]\nFormat: Layer, Start, End, Style, Text\nDialogue: 0,0:00:01.00,0:00:05.00,Default,one\n'

/** What a node reads; null where the input has ended, which no text lease finds. */
let read: () => Buffer | null
const film: SampleFilm = {
  plan,
  segment: (part, number) => (part === 'text' ? read() : bare.segment(part, number)),
}

const font = Buffer.from('a font')
const digestOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

let stage: SmallStage

afterEach(() => stage.close())

async function play(...nodes: string[]): Promise<void> {
  read = () => Buffer.from(words)
  stage = await openStage(film, 'file', { fonts: [font] })
  stage.use(...nodes)
}

function openGate(): { isOpen: Promise<void>; open: () => void } {
  let open = () => {}
  const isOpen = new Promise<void>((resolve) => {
    open = resolve
  })
  return { isOpen, open }
}

const grants = (part: string): GrantOrder[] =>
  stage.fleet.orders.flatMap(({ order }) => (order.type === 'grant' && order.part === part ? [order] : []))

describe('a session that burns text in', () => {
  it('has it read before the first picture, and comes to its end', async () => {
    await play('a', 'b')
    expect(await stage.session.ended).toEqual({ how: 'finished' })
    const order = stage.fleet.orders.flatMap(({ order: one }) => (one.type === 'grant' ? [one.part] : []))
    expect(order.indexOf('text')).toBeLessThan(order.indexOf('video'))
    expect(stage.output.published).toHaveLength(6)
  })

  it('sends text and fonts with each lease on pictures, and with no other', async () => {
    await play('a', 'b')
    await stage.session.ended
    const [first] = grants('video')
    expect(first!.files).toEqual([
      {
        use: 'text',
        url: expect.stringContaining(`/${first!.attempt}/1`),
        size: words.length,
        digest: digestOf(Buffer.from(words)),
      },
      {
        use: 'font',
        url: expect.stringContaining(`/${first!.attempt}/2`),
        size: font.length,
        digest: digestOf(font),
      },
    ])
    expect(grants('audio').every(({ files }) => files === undefined)).toBe(true)
  })

  it('serves them to the node of the lease', async () => {
    await play('a', 'b')
    const gate = openGate()
    stage.fleet.gate = (_node, part) => (part === 'text' ? Promise.resolve() : gate.isOpen)
    await eventually(() => grants('video').length > 0)
    const [{ attempt }] = grants('video') as [GrantOrder]
    const { node } = stage.fleet.orders.find(({ order }) => order.attempt === attempt)!
    const lease = stage.leases.find(attempt, node)
    if (typeof lease === 'string') throw new Error(lease)
    const sent = await lease.inputs[1]!.bytes.read(0, 1_000)
    expect(sent.toString()).toBe(words)
    gate.open()
    await stage.session.ended
  })

  it('goes on when the node that reads is lost', async () => {
    await play('a')
    stage.fleet.gate = (node, part) =>
      part === 'text' && node === 'a' ? new Promise(() => {}) : Promise.resolve()
    await eventually(() => grants('text').length === 1)
    stage.use('a', 'b')
    stage.fleet.lose('a')
    stage.session.nodeLost('a')
    stage.use('b')
    expect(await stage.session.ended).toEqual({ how: 'finished' })
    expect(grants('text').length).toBeGreaterThan(1)
  })

  it('fails when no node can read it', async () => {
    await play()
    stage.fleet.answer = ({ order }) =>
      order.type === 'grant' && order.part === 'text'
        ? { answered: true, reply: { ok: false, code: 'spawn-failed', message: 'no ffmpeg' } }
        : undefined
    stage.use('a', 'b')
    const end = await stage.session.ended
    expect(end).toMatchObject({
      how: 'failed',
      reason: expect.stringContaining('No node could read the text'),
    })
    expect(grants('video')).toEqual([])
  })

  it('grants nothing for which it had to wait too long', async () => {
    await play('a')
    const gate = openGate()
    stage.fleet.gate = (_node, part) => (part === 'text' ? gate.isOpen : Promise.resolve())
    await eventually(() => grants('text').length === 1)
    stage.session.kill()
    gate.open()
    await stage.session.ended
    await sleep(20)
    expect(grants('video')).toEqual([])
    expect(stage.carrier.all()).toEqual([])
  })
})
