import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { dataPlane, type KeyPair } from '../../src/cluster/messages.ts'
import type { Cluster } from './cluster.ts'
import { kill } from './process-faults.ts'
import { filmSegments } from './schedule.ts'
import { type Proof, proved, type Stage, unproved } from './stage.ts'

/** The head hears of a node's end after 1.8 s of silence, or at the next order. */
const lostWithinMs = 8_000
const headBackWithinMs = 30_000

/**
 * A node is killed; when the head has given its leases up, somebody with the node's own keys offers segments under their
 * tokens. The pictures in them are wrong, so that one that is taken is seen in the film, too.
 */
export async function offerLate(stage: Stage, name: string, backAfterMs: number): Promise<Proof> {
  const { cluster, session } = stage
  const attempts = await attemptsOf(stage, name)
  if (attempts.length === 0) return unproved(`${name} has had no lease`)
  const head = cluster.head()
  const heard = head.lines.length
  const killed = await kill(cluster.node(name).daemon.pid)
  if (!killed.happened) return killed
  await untilLost(cluster, () => head.lines.slice(heard).some((line) => line.includes(`node ${name} left`)))
  const first = Math.max(0, session.announced() - 2)
  const wrong: string[] = []
  let refused = 0
  for (const attempt of attempts.slice(-4)) {
    for (let segment = first; segment < Math.min(first + 8, filmSegments - 1); segment++) {
      const status = await offer(cluster, name, attempt, segment, stage.foreignSegment(segment))
      // A head that has just started again does not know yet whether the lease's session comes back.
      if (status === 409 || status === 410 || status === 503) refused += 1
      else wrong.push(`segment ${segment} under ${attempt}, which is over, was answered with ${status}`)
    }
  }
  await sleep(backAfterMs)
  await cluster.startNode(name)
  return {
    ...proved(`${killed.how}, and ${refused} segments of ${attempts.length} old leases were refused`),
    wrong,
  }
}

/** Waits for the first lease of a node that has had none yet. */
async function attemptsOf({ cluster, session }: Stage, name: string): Promise<string[]> {
  const { daemon } = cluster.node(name)
  for (;;) {
    const attempts = daemon.lines.flatMap((line) => {
      if (!line.startsWith('{')) return []
      const { message, type, attempt } = JSON.parse(line) as Record<string, unknown>
      return message === 'order' && type === 'grant' ? [String(attempt)] : []
    })
    if (attempts.length > 0 || session.isOver) return attempts
    await sleep(50)
  }
}

async function untilLost(cluster: Cluster, isLost: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + lostWithinMs
  while (performance.now() < giveUpAt) {
    if (cluster.head().hasEnded() || isLost()) return
    await sleep(20)
  }
}

/** The status of the answer; a head that is being started again is waited for. */
async function offer(
  cluster: Cluster,
  name: string,
  attempt: string,
  segment: number,
  bytes: Buffer,
): Promise<number> {
  const { keys } = JSON.parse(
    await readFile(join(cluster.node(name).folder, 'node', 'node.json'), 'utf8'),
  ) as {
    keys: { identity: KeyPair }
  }
  const { data } = JSON.parse(await readFile(join(cluster.headFolder, 'ports.json'), 'utf8')) as {
    data: number
  }
  const giveUpAt = performance.now() + headBackWithinMs
  for (;;) {
    try {
      return await put(
        `https://127.0.0.1:${data}${dataPlane.segment(attempt, segment)}`,
        keys.identity,
        bytes,
      )
    } catch (error) {
      if (performance.now() > giveUpAt) throw error
      await sleep(200)
    }
  }
}

function put(url: string, identity: KeyPair, bytes: Buffer): Promise<number> {
  const digest = createHash('sha256').update(bytes).digest('hex')
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      ...{ method: 'PUT', rejectUnauthorized: false, agent: false },
      ...{ cert: identity.certificate, key: identity.key },
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': bytes.length,
        [dataPlane.digestHeader]: `sha-256=${digest}`,
      },
    })
    outgoing.once('response', (incoming) => {
      incoming.resume()
      resolve(incoming.statusCode ?? 0)
    })
    outgoing.on('error', reject)
    outgoing.end(bytes)
  })
}
