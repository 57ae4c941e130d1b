import type { KeptLogLine, LogRing } from '../../cluster/log-ring.ts'
import type { LogLine } from '../api/contract/node-detail.ts'
import type { Fleet } from '../fleet.ts'

/** The ends of the logs of head and nodes, put together when somebody asks. */
export interface GatheredLogs {
  /** Null when the node is not there, or of a release that does not tell. */
  ofNode(node: string, count?: number): Promise<readonly LogLine[] | null>
  /** Of the head, and of these nodes. */
  ofSession(session: string, nodes: readonly string[], count?: number): Promise<readonly LogLine[]>
  ofHead(count?: number): readonly LogLine[]
}

export interface GatheredLogsOptions {
  readonly own: LogRing
  readonly fleet: Pick<Fleet, 'node' | 'order'>
}

const usualCount = 100

export function gatherLogs({ own, fleet }: GatheredLogsOptions): GatheredLogs {
  const ask = async (node: string, count: number, session?: string): Promise<readonly LogLine[] | null> => {
    const name = fleet.node(node)?.name
    if (name === undefined) return null
    const about = session === undefined ? {} : { session }
    const outcome = await fleet.order(node, { type: 'log', most: count, ...about })
    if (!outcome.answered || !outcome.reply.ok || !outcome.reply.log) return null
    return outcome.reply.log.map((line) => shown(line, name))
  }
  return {
    ofNode: (node, count = usualCount) => ask(node, count),
    async ofSession(session, nodes, count = usualCount) {
      const told = await Promise.all(nodes.map((node) => ask(node, count, session)))
      const head = own.last(count, session).map((line) => shown(line, 'head'))
      return [...head, ...told.flatMap((lines) => lines ?? [])].sort((one, other) => one.atMs - other.atMs)
    },
    ofHead: (count = usualCount) => own.last(count).map((line) => shown(line, 'head')),
  }
}

function shown({ atMs, level, message, session, fields }: KeptLogLine, from: string): LogLine {
  return { atMs, level, from, message, session: session ?? null, fields }
}
