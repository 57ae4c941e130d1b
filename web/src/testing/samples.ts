import type { NodeView } from '../../../src/head/api/contract/node-view.ts'
import type { SessionView } from '../../../src/head/api/contract/session-view.ts'
import type { Snapshot } from '../../../src/head/api/contract/snapshot.ts'

/** A node that is ready and has told nothing else. */
export function sampleNode(fields: Partial<NodeView>): NodeView {
  return {
    ...{ id: 'n1', name: 'oak', state: 'ready', sinceMs: null, readyAtMs: null, watts: null, load: null },
    ...{ celsius: null, cores: 4, version: '0.1.0', speed: null, proof: null, leases: [] },
    ...{ isFirstResponder: false, keepWarmUntilMs: null, hasPowerControl: false, troubles: [] },
    ...fields,
  }
}

/** A session that has just begun. */
export function sampleSession(fields: Partial<SessionView>): SessionView {
  return {
    ...{ id: 's1', title: 'Harvest.mkv', dialect: 'plex', job: 'HLS, 1280x720 H.264, AAC', mode: 'stream' },
    ...{ state: 'running', startedAtMs: 0, endedAtMs: null, speed: null, player: null },
    timeline: { firstSegment: 0, endSegment: null, startSeconds: 0, segmentSeconds: 2 },
    ...{ segments: [], publishedSegments: 0, hedges: 0, cuts: [], leases: [], waitsFor: [], reason: null },
    ...fields,
  }
}

/** A head with nothing to do. */
export function sampleSnapshot(fields: Partial<Snapshot>): Snapshot {
  return {
    head: {
      ...{ boot: 'b', version: '0.1.0', startedAtMs: 0, nowMs: 1_000, observeOnly: false },
      ...{ natsTrouble: null, firstResponder: 'ready', waitingForRoom: 0, localJobs: [] },
    },
    fleet: { watts: null, savedWatts: null, month: null },
    ...{ nodes: [], sessions: [], recent: [], sequence: 0 },
    ...fields,
  }
}
