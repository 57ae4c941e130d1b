import { setImmediate as turn } from 'node:timers/promises'
import type { OrderOutcome } from '../../cluster/connect-head.ts'
import {
  contractVersion,
  type EndedReport,
  type GrantOrder,
  type LeaseOrder,
  type Order,
} from '../../cluster/messages.ts'
import type { LeaseBook } from '../data/lease-book.ts'
import type { Fleet, FleetNode } from '../fleet.ts'

/** What a node makes of a grant; null where the input has ended, an error where its ffmpeg fails. */
export type MakeSegment = (part: string, segment: number, node: string) => Buffer | null | Error

export interface SentOrder {
  readonly node: string
  readonly order: LeaseOrder
}

interface Work {
  readonly node: string
  to: number
  until: number
  cancelled: boolean
}

/**
 * Nodes inside the test: they take orders, make segments, and deliver them as agents do,
 * turn by turn of the event loop. Their reports go to `onReport`.
 */
export class SmallFleet implements Fleet {
  readonly orders: SentOrder[] = []
  /** Nodes that were asked to prove themselves again. */
  readonly proofsAsked: string[] = []
  /** Speeds that the head has observed. */
  readonly observed: { readonly node: string; readonly speed: number }[] = []
  onReport: (report: EndedReport) => void = () => {}
  /** What nodes answer to orders, when it is not that they obey. */
  answer: (sent: SentOrder) => OrderOutcome | undefined = () => undefined
  /** Resolves when a segment may be delivered. */
  gate: (node: string, part: string, segment: number) => Promise<unknown> = () => turn()
  /** Resolves when nodes can be reached that could not be before. */
  reached: Promise<unknown> = Promise.resolve()
  readonly #leases: LeaseBook
  readonly #make: MakeSegment
  readonly #nodes = new Map<string, FleetNode>()
  readonly #work = new Map<string, Work>()

  constructor(leases: LeaseBook, make: MakeSegment, nodes: readonly string[]) {
    this.#leases = leases
    this.#make = make
    for (const id of nodes) this.add(id)
  }

  add(id: string, more: Partial<FleetNode> = {}): void {
    const common = { cores: 1, platforms: ['software'], version: '0.0.0' }
    const beat = {
      ...common,
      node: id,
      name: `name of ${id}`,
      boot: 'b',
      contract: contractVersion,
      leases: [],
    }
    this.#nodes.set(id, { ...common, id, name: beat.name, beat, ...more })
  }

  /** The node is gone, with all that it was doing; the head is not told. */
  lose(id: string): void {
    this.#nodes.delete(id)
    for (const work of this.#work.values()) if (work.node === id) work.cancelled = true
  }

  /** Leases that nodes still work on. */
  get busy(): number {
    return this.#work.size
  }

  nodes(): readonly FleetNode[] {
    return [...this.#nodes.values()]
  }

  node(id: string): FleetNode | undefined {
    return this.#nodes.get(id)
  }

  async order(node: string, order: Order): Promise<OrderOutcome> {
    if (order.type === 'prove') {
      this.proofsAsked.push(node)
      return { answered: true, reply: { ok: true } }
    }
    if (order.type === 'log') return { answered: true, reply: { ok: true, log: [] } }
    if (order.type === 'tell') return { answered: true, reply: { ok: true, capabilities: {} } }
    if (order.type === 'power') return { answered: true, reply: { ok: true } }
    this.orders.push({ node, order })
    const told = this.answer({ node, order })
    if (told) return told
    if (!this.#nodes.has(node)) return { answered: false, why: 'no-responders', message: `${node} is gone` }
    if (order.type === 'grant') void this.#carryOut(node, order)
    const work = this.#work.get(order.attempt)
    if (work && order.type === 'cut') work.to = Math.min(work.to, order.at)
    if (work && order.type === 'extend') work.until = order.until
    if (work && order.type === 'cancel') work.cancelled = true
    return { answered: true, reply: { ok: true } }
  }

  async reachable(node: string): Promise<boolean> {
    await this.reached
    await turn()
    return this.#nodes.has(node)
  }

  awayMs(): number {
    return 0
  }

  sign(): void {}

  observeSpeed(node: string, speed: number): void {
    this.observed.push({ node, speed })
  }

  drop(id: string): void {
    this.lose(id)
  }

  close(): void {}

  async #carryOut(node: string, grant: GrantOrder): Promise<void> {
    const work: Work = { node, to: grant.to, until: grant.until, cancelled: false }
    this.#work.set(grant.attempt, work)
    const end = await this.#deliverAll(node, grant, work)
    this.#work.delete(grant.attempt)
    if (!this.#nodes.has(node)) return
    const clean = end.outcome === 'clean'
    this.onReport({
      type: 'ended',
      node,
      attempt: grant.attempt,
      exitCode: clean ? 0 : 1,
      stderr: '',
      ...end,
    })
  }

  async #deliverAll(
    node: string,
    grant: GrantOrder,
    work: Work,
  ): Promise<Pick<EndedReport, 'outcome' | 'next'> & { stderr?: string }> {
    for (let next = grant.from; ; next++) {
      if (next >= work.to) return { outcome: 'clean', next }
      await this.gate(node, grant.part, next)
      while (next >= work.until && !work.cancelled && next < work.to) await turn()
      if (work.cancelled) return { outcome: 'stopped', next }
      if (next >= work.to) return { outcome: 'clean', next }
      const bytes = this.#make(grant.part, next, node)
      if (bytes === null) return { outcome: 'clean', next }
      if (bytes instanceof Error) return { outcome: 'failed', next, stderr: bytes.message }
      const refusal = await this.#deliver(node, grant, next, bytes)
      if (refusal === 'gone') return { outcome: 'stopped', next }
      if (refusal !== null) return { outcome: 'failed', next, stderr: refusal }
    }
  }

  /** As the data plane does it: the node's lease, the verdict before the bytes, then the bytes. */
  async #deliver(node: string, grant: GrantOrder, segment: number, bytes: Buffer): Promise<string | null> {
    const lease = this.#leases.find(grant.attempt, node)
    if (typeof lease === 'string') return 'gone'
    const verdict = lease.owner.verdict(grant.attempt, segment)
    if (verdict === 'duplicate') return null
    if (verdict !== 'accept') return 'gone'
    return lease.owner.store(grant.attempt, segment, bytes)
  }
}
