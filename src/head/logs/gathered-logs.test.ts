import { describe, expect, it } from 'vitest'
import type { OrderOutcome } from '../../cluster/connect-head.ts'
import { createLogRing, type KeptLogLine } from '../../cluster/log-ring.ts'
import type { Order } from '../../cluster/messages.ts'
import type { FleetNode } from '../fleet.ts'
import { gatherLogs } from './gathered-logs.ts'

const line = (atMs: number, message: string, session = 's'): KeptLogLine => ({
  ...{ atMs, level: 'info', message, session, fields: {} },
})

/** Nodes by id: what they answer. */
function logsWith(nodes: Readonly<Record<string, readonly KeptLogLine[] | 'silent'>>) {
  const asked: { node: string; order: Order }[] = []
  const own = createLogRing()
  const logs = gatherLogs({
    own,
    fleet: {
      node: (id) => (id in nodes ? ({ id, name: `name of ${id}` } as FleetNode) : undefined),
      async order(node, order): Promise<OrderOutcome> {
        asked.push({ node, order })
        const log = nodes[node]
        if (log === 'silent') return { answered: true, reply: { ok: false, code: 'bad-order', message: '' } }
        return { answered: true, reply: { ok: true, log: log ?? [] } }
      },
    },
  })
  return { own, logs, asked }
}

describe('what was written of a session', () => {
  it('is put together from head and nodes, in the order of time', async () => {
    const { own, logs, asked } = logsWith({ a: [line(2, 'on a'), line(5, 'later on a')], b: 'silent' })
    own.add(line(1, 'begins'))
    own.add(line(3, 'of another', 't'))
    own.add(line(4, 'goes on'))
    const told = await logs.ofSession('s', ['a', 'b', 'gone'])
    expect(told.map(({ from, message }) => [from, message])).toEqual([
      ...[
        ['head', 'begins'],
        ['name of a', 'on a'],
        ['head', 'goes on'],
        ['name of a', 'later on a'],
      ],
    ])
    expect(asked.map(({ order }) => order)).toEqual([
      { type: 'log', most: 100, session: 's' },
      { type: 'log', most: 100, session: 's' },
    ])
  })
})

describe('the log of a node', () => {
  it('is not known of one that is away, or of a former release', async () => {
    const { logs } = logsWith({ a: [line(1, 'x')], b: 'silent' })
    expect(await logs.ofNode('a')).toMatchObject([{ from: 'name of a', message: 'x' }])
    expect([await logs.ofNode('b'), await logs.ofNode('gone')]).toEqual([null, null])
  })
})
