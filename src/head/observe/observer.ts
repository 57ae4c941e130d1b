import type { DoorJob } from '../door/door-job.ts'
import type { JobSources } from '../job-sources.ts'
import { filmOf } from '../local-jobs.ts'
import { type DryAnswer, type DryJob, dryJobOf } from './dry-job.ts'
import { type Expectation, expectationFor } from './expectation.ts'
import type { ObservedJob, ObservedLog } from './observed-log.ts'
import { observing } from './observing.ts'

/** Leaves every job to the original while it is on, and writes down what the head would have done with it. */
export interface Observer {
  isOn(): boolean
  set(on: boolean): void
  /** The original has the job at once; the head looks at it afterwards. */
  take(job: DoorJob): void
  last(count: number): Promise<readonly ObservedJob[]>
  /** Resolves when nothing is being looked at any more. */
  close(): Promise<void>
}

export interface ObserverOptions {
  readonly sources: JobSources
  /** What the head does with a job when it does not just observe. */
  readonly carryOut: (sources: JobSources, job: DoorJob) => Promise<void>
  readonly log: ObservedLog
  readonly isOn: boolean
  /** Time of day, for people. */
  readonly today: () => Date
}

/** They wait for one another, so that the originals have the machine; more than so many at once are not looked at. */
const mostWaiting = 50

const longestTitle = 200
const longestReason = 500

export function createObserver(options: ObserverOptions): Observer {
  const { sources, log } = options
  let isOn = options.isOn
  let isClosed = false
  let waiting = 0
  let looking: DryJob | null = null
  let last: Promise<void> = Promise.resolve()

  const writeDown = async (job: DoorJob, at: Date): Promise<void> => {
    if (isClosed) return
    const { decision, reason, nodes, speed, basis } = await foresee(options, job, (dry) => {
      looking = dry
    })
    const title = filmOf(job.args).slice(0, longestTitle)
    await log.add({
      ...{ at: at.toISOString(), title, decision, reason: reason?.slice(0, longestReason) ?? null },
      // Nodes do not say yet what they draw.
      ...{ nodes: [...nodes], speed, basis, watts: null },
    })
    sources.log.info({ title, decision, reason, nodes, speed }, 'a job was observed')
  }
  return {
    isOn: () => isOn,
    set(on) {
      isOn = on
    },
    take(job) {
      job.local(observing)
      if (waiting >= mostWaiting) return sources.log.warn('too many jobs at once to observe them all')
      const at = options.today()
      waiting += 1
      last = last
        .then(() => writeDown(job, at))
        .catch((error: unknown) => sources.log.error({ error }, 'a job could not be observed'))
        .finally(() => {
          waiting -= 1
        })
    },
    last: (count) => log.last(count),
    async close() {
      isClosed = true
      looking?.end()
      await last
    },
  }
}

interface Foresight extends Expectation {
  readonly decision: ObservedJob['decision']
  readonly reason: string | null
}

const nobody: Expectation = { nodes: [], speed: null, basis: null }

/** Goes the head's own way with the job, up to the point where a session would begin. */
async function foresee(
  { sources, carryOut }: ObserverOptions,
  job: DoorJob,
  onStart: (dry: DryJob) => void,
): Promise<Foresight> {
  let found: Foresight | null = null
  const dry = dryJobOf(job, (answer) => {
    found ??= leftAlone(answer)
  })
  onStart(dry)
  const hall: JobSources['hall'] = {
    ...sources.hall,
    admit: async ({ plan }) => ({ plan }),
    start: ({ plan }) => {
      found ??= { decision: 'node', reason: null, ...expectationFor(plan, sources.fleet.nodes()) }
      dry.end()
      return Promise.reject(new Error('only observed'))
    },
  }
  const log = sources.log.child({}, { level: 'silent' })
  const responder: JobSources['responder'] = {
    takes: (which) => sources.responder.takes(which),
    call: () => undefined,
  }
  const { power: _, ...others } = sources
  await carryOut({ ...others, hall, responder, log, transcodeRoots: noRoots }, dry)
  return found ?? { decision: 'unknown', reason: 'the head has not come to a decision', ...nobody }
}

function leftAlone(answer: DryAnswer): Foresight {
  if (answer.how === 'local') return { decision: 'local', reason: answer.reason, ...nobody }
  const reason = `the head cannot look into ${answer.path}: let its user read it, or see docs/commands.md`
  return { decision: 'unknown', reason, ...nobody }
}

/** The job's own folder is not touched. */
const noRoots: JobSources['transcodeRoots'] = {
  folders: [],
  open: () => Promise.resolve(null),
  hasRoomFor: () => Promise.resolve(false),
}
