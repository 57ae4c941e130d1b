/**
 * How long an order takes from the head to a node and back, over TLS through the head's port and our own nats-server, with the node in
 * a process of its own. Prints p50, p90 and p99 in milliseconds, and the same for a node that is not there.
 *
 *   npm run bench:nats-order -- [orders]
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { connectHead, type HeadLink } from '../src/cluster/connect-head.ts'
import { connectNode } from '../src/cluster/connect-node.ts'
import type { GrantOrder } from '../src/cluster/messages.ts'
import { startTestCluster } from '../test/cluster/cluster-fixture.ts'

/** A grant of usual size: some 2 kB with its arguments. */
const grant: GrantOrder = {
  type: 'grant',
  attempt: 'a1',
  session: 's1',
  part: 'p0',
  from: 0,
  to: 1_000,
  until: 10,
  args: Array.from({ length: 120 }, (_, index) => `-argument:${index}`),
  inputs: [{ url: '/data/v1/media/a1/0', size: 4e9, identity: 'i1' }],
}

async function serveAsNode(credentials: string): Promise<void> {
  const node = await connectNode(JSON.parse(credentials))
  await node.serveOrders(() => ({ ok: true }))
  process.on('disconnect', () => node.close())
  process.send?.('ready')
}

async function measure(orders: number): Promise<void> {
  const cluster = await startTestCluster()
  const node = await cluster.admit('bench')
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(node)])
  await once(child, 'message')
  const head = await connectHead(cluster.headAccess)
  try {
    await timed(head, node.id, Math.min(500, orders))
    print('order and answer', await timed(head, node.id, orders))
    print('nobody there', await timed(head, 'nobody', Math.ceil(orders / 10)))
  } finally {
    child.disconnect()
    await head.close()
    await cluster.close()
  }
}

/** Milliseconds of each order, one after the other, sorted. */
async function timed(head: HeadLink, node: string, orders: number): Promise<readonly number[]> {
  const durations: number[] = []
  for (let order = 0; order < orders; order++) {
    const startedAt = performance.now()
    await head.sendOrder(node, grant, 5_000)
    durations.push(performance.now() - startedAt)
  }
  return durations.sort((one, other) => one - other)
}

function print(what: string, durations: readonly number[]): void {
  const percentile = (share: number) =>
    durations[Math.min(durations.length - 1, Math.floor(durations.length * share))]
  const [p50, p90, p99] = [0.5, 0.9, 0.99].map((share) => percentile(share)?.toFixed(2))
  console.info(`${what}: p50 ${p50} ms, p90 ${p90} ms, p99 ${p99} ms (${durations.length} orders)`)
}

const [argument = '3000'] = process.argv.slice(2)
await (argument.startsWith('{') ? serveAsNode(argument) : measure(Number(argument)))
