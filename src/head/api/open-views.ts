import { randomBytes } from 'node:crypto'
import { PacelineError } from '../../errors.ts'
import type { GatheredLogs } from '../logs/gathered-logs.ts'
import type { HeadView } from './contract/snapshot.ts'
import { createEventHub } from './live/event-hub.ts'
import { nodeDetail, sessionDetail } from './view/detail-view.ts'
import { createFleetView, type ViewSources } from './view/fleet-view.ts'
import { type DecidedSession, lastDecision } from './view/last-decision.ts'
import { createNodeDiary } from './view/node-diary.ts'
import { nodeHistory, type WorkedSession } from './view/node-history.ts'
import type { SessionFacts } from './view/session-view.ts'
import type { ApiViews } from './view-routes.ts'

export interface ViewNeeds extends Omit<ViewSources, 'head' | 'sinceMs' | 'wallNow'> {
  readonly head: () => Omit<HeadView, 'nowMs' | 'boot' | 'startedAtMs'>
  readonly logs: GatheredLogs
}

/** The views of a running head. `touch` is to be called with what changes; see EventHub. */
export interface OpenedViews extends ApiViews {
  close(): void
}

/** Often enough for a history in minutes. */
const diaryEveryMs = 1_000

export function openViews(needs: ViewNeeds): OpenedViews {
  const { fleet, trust, power, logs } = needs
  const wallNow = Date.now
  const [boot, startedAtMs] = [randomBytes(8).toString('hex'), wallNow()]
  const diary = createNodeDiary((node, state) => {
    const decision = power.of(node)?.decision
    const isDecided = state === 'waking' || state === 'going-to-sleep'
    return isDecided && decision ? decision.reason : null
  })
  const view = createFleetView({
    ...{ ...needs, wallNow, sinceMs: diary.sinceMs },
    head: () => ({ ...needs.head(), boot, startedAtMs }),
  })
  const nodeId = (which: string): string => {
    const node = view.nodes().find(({ id, name }) => id === which || name === which)
    if (!node) throw new PacelineError('E_NODE_NAME', which)
    return node.id
  }
  /** Those that worked for a session, as far as they are remembered. */
  const nodesOf = ({ chronicle }: SessionFacts): readonly string[] => {
    const names = new Set([...chronicle.ran, ...chronicle.strip.rows()].map(({ node }) => node))
    return needs.known().flatMap(({ id, name }) => (names.has(name) ? [id] : []))
  }
  const worked = (): (WorkedSession & DecidedSession)[] =>
    [...needs.hall.recent(), ...needs.hall.running()].map(({ about, chronicle }) => ({
      ...{ title: about.title, chronicle },
    }))
  const hub = createEventHub({ view, now: () => performance.now() })
  const look = () => diary.look(view.states(), wallNow())
  look()
  const looks = setInterval(look, diaryEveryMs)
  looks.unref()
  return {
    hub,
    async nodeDetail(which) {
      const id = nodeId(which)
      const node = view.nodes().find((each) => each.id === id)!
      const log = await logs.ofNode(id)
      return nodeDetail({
        ...{ node, present: fleet.node(id), keptOff: trust.keptOff(id), log },
        history: nodeHistory(node.name, diary.history(id), worked()),
        decision: lastDecision(node.name, power.of(id)?.decision ?? null, worked()),
      })
    },
    async sessionDetail(id) {
      const facts = view.facts(id)
      if (!facts) throw new PacelineError('E_SESSION_NAME', id)
      const log = await logs.ofSession(id, nodesOf(facts))
      return sessionDetail({ facts, log, preview: previewAddress(facts) })
    },
    async logs({ session, node, last }) {
      if (session !== undefined) {
        const facts = view.facts(session)
        if (!facts) throw new PacelineError('E_SESSION_NAME', session)
        return logs.ofSession(session, nodesOf(facts), last)
      }
      if (node === undefined) return logs.ofHead(last)
      const id = nodeId(node)
      return (await logs.ofNode(id, last)) ?? []
    },
    segments(id) {
      const segments = view.allSegments(id)
      if (!segments) throw new PacelineError('E_SESSION_NAME', id)
      return { segments }
    },
    preview(id) {
      const facts = view.facts(id)
      if (!facts) throw new PacelineError('E_SESSION_NAME', id)
      return facts.chronicle.preview
    },
    close() {
      clearInterval(looks)
      hub.close()
    },
  }
}

/** Of a session that runs and publishes what a player of HLS takes as it is, below the page's own address. */
function previewAddress({ id, about, now }: SessionFacts): string | null {
  const isPlayable = about.mode === 'stream' && about.plan.packaging.kind === 'mpegts'
  return now && isPlayable ? `api/v1/sessions/${encodeURIComponent(id)}/preview/index.m3u8` : null
}
