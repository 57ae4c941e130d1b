import { setTimeout as sleep } from 'node:timers/promises'
import { connect, nkeyAuthenticator } from '@nats-io/transport-node'
import { connectHead } from '../../src/cluster/connect-head.ts'
import { inboxes, type Order, subjects } from '../../src/cluster/messages.ts'
import { openFleet } from '../../src/head/fleet.ts'
import { createRefusalLog } from '../../src/head/refusal-log.ts'
import { beatOf, endedReport, grant, startTestCluster } from '../cluster/cluster-fixture.ts'
import { mutateBytes, mutateText, mutateValue } from './mutate.ts'
import type { Random } from './random.ts'
import type { FuzzTarget } from './target.ts'

const mostPayload = 2 ** 20

/** A real nats-server, the head's link and its fleet, and a node that says what it likes. */
export const natsTarget: FuzzTarget = {
  name: 'nats',
  async open() {
    const cluster = await startTestCluster()
    const [wild, honest] = [await cluster.admit('wild'), await cluster.admit('honest')]
    const told: object[] = []
    const refusals = createRefusalLog({ warn: (fields) => void told.push(fields) }, () => performance.now())
    const errors: unknown[] = []
    const head = await connectHead(cluster.headAccess, {
      onInvalid: (node, why) => refusals.note('E_NODE_MESSAGE', node, why),
      onError: (error) => void errors.push(error),
    })
    let reports = 0
    await head.serveReports(() => {
      reports += 1
    })
    const fleet = await openFleet(head, () => performance.now(), {
      ...{ onChange: () => {}, onLost: () => {}, onNotice: () => {} },
      isCarried: () => true,
      isKnown: (node: string) => node === wild.id || node === honest.id,
    })
    const access = async ({ id, seed, identity }: typeof wild) =>
      connect({
        ...{ servers: `127.0.0.1:${cluster.port.port}`, inboxPrefix: inboxes.node(id), reconnect: true },
        ...{ maxReconnectAttempts: -1, reconnectTimeWait: 50 },
        authenticator: nkeyAuthenticator(Buffer.from(seed)),
        tls: {
          ...{ handshakeFirst: true, ALPNProtocols: ['nats'], rejectUnauthorized: false },
          ...{ cert: identity.certificate, key: identity.key },
        } as never,
      })
    const [stranger, friend] = [await access(wild), await access(honest)]
    let reply: Buffer = Buffer.from('{"ok":true}')
    stranger.subscribe(subjects.order(wild.id), {
      callback: (_error, message) => void message.respond(reply),
    })
    await stranger.flush()
    let serial = 0
    return {
      async step(random, keep) {
        const bytes = messageOf(random, wild.id)
        keep(bytes)
        if (random.oneIn(4)) {
          reply = bytes
          await fleet.order(wild.id, grant as Order)
        } else {
          const subject = random.oneIn(2) ? subjects.beat(wild.id) : subjects.report(wild.id)
          const inbox = random.oneIn(3) ? {} : { reply: `${inboxes.node(wild.id)}.${random.below(1_000)}` }
          for (let copies = random.oneIn(50) ? flood(bytes) : 1; copies > 0; copies--)
            stranger.publish(subject, bytes, inbox)
        }
        await withinReach(() => stranger.flush())
        // The server and the head have had it when this comes back from there: one connection keeps its order.
        const before = reports
        const report = JSON.stringify(endedReport(honest.id, { attempt: `a${serial++}` }))
        await withinReach(() => friend.request(subjects.report(honest.id), report, { timeout: 5_000 }))
        if (reports === before) throw new Error('a report was answered and not heard')
        if (errors.length > 0) throw errors[0]
      },
      async rest() {
        friend.publish(subjects.beat(honest.id), JSON.stringify(beatOf(honest.id, { contract: 2 })))
        await friend.request(subjects.report(honest.id), JSON.stringify(endedReport(honest.id)), {
          timeout: 20_000,
        })
        if (fleet.node(honest.id) === undefined) throw new Error('an honest node is not heard')
        if (told.length > 20) throw new Error(`${told.length} lines in the log`)
        const long = told.find((line) => JSON.stringify(line).length > 2_000)
        if (long) throw new Error(`a line of ${JSON.stringify(long).length} characters in the log`)
      },
      async close() {
        fleet.close()
        await Promise.all([stranger.close(), friend.close()])
        await head.close()
        await cluster.close()
      },
    }
  },
}

/**
 * A machine that is busy for two seconds loses connections to the server, which come back; a head that does not is what
 * is looked for here.
 */
async function withinReach(say: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await say()
      return
    } catch (error) {
      if (tries === 4) throw error
      await sleep(500)
    }
  }
}

/** So many copies that the machine's own wires are not what takes the time. */
const flood = ({ length }: Buffer) => Math.min(300, Math.max(4, Math.floor((4 * mostPayload) / (length + 1))))

function messageOf(random: Random, node: string): Buffer {
  const lease = { attempt: 'a1', next: 3, frames: 90, speed: 1.5 }
  const good = random.of<object>([
    beatOf(node, { leases: [lease, lease], troubles: ['E_DISK_FULL: x'] }),
    endedReport(node),
    { ok: true },
    { ok: false, code: 'spawn-failed', message: 'no' },
  ])
  if (random.oneIn(60)) return Buffer.from(large(random, node)).subarray(0, mostPayload)
  const text = JSON.stringify(random.oneIn(8) ? good : mutateValue(random, good)) ?? 'undefined'
  if (random.oneIn(6)) return mutateBytes(random, Buffer.from(text)).subarray(0, mostPayload)
  return Buffer.from(random.oneIn(6) ? mutateText(random, text) : text).subarray(0, mostPayload)
}

/** As much as a message may hold of things that are all wrong. */
function large(random: Random, node: string): string {
  const item = random.of(['{}', '0', '[]', '"x"', 'null', '{"attempt":1}', '[[[[]]]]'])
  const list = `[${`${item},`.repeat(Math.floor((mostPayload - 400) / (item.length + 1)))}${item}]`
  const beat = JSON.stringify({ ...beatOf(node), leases: 'HERE' })
  return random.of([
    beat.replace('"HERE"', list),
    beat.replace('"HERE"', '[]').replace('["software"]', list),
    list,
    '['.repeat(mostPayload - 10),
    JSON.stringify({ ok: false, code: 'c', message: 'm'.repeat(mostPayload - 100) }),
  ])
}
