import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { EndedReport } from '../../cluster/messages.ts'
import type { AdmittedDemand } from '../../placement/admission.ts'
import { platforms } from '../../platforms/all.ts'
import type { GoingOn, GoingOnPart, LeaseMemory, PartMemory } from '../../session/going-on.ts'
import { reopenStaging, type StagedPiece, type Staging } from '../data/staging.ts'
import type { BootClock } from '../join/boot-clock.ts'
import {
  type CrewMemory,
  memoryNames,
  readMemory,
  type SessionMark,
  type StandMemory,
} from './memory-files.ts'

/** A session that an earlier head began, for this one to go on with. */
export interface FormerSession {
  readonly id: string
  /** See SessionMark. */
  readonly plan: string
  readonly look: CrewMemory['look']
  readonly ways: CrewMemory['ways']
  readonly stand: StandMemory
  readonly goingOn: GoingOn
  readonly staging: Staging
  /** Its leases are carried again, and no more held here. Answers what nodes have reported of them meanwhile. */
  adopt(): readonly EndedReport[]
  /** It cannot be gone on with after all. */
  discard(): Promise<void>
}

/** Sessions whose shims may still come back to this head. */
export interface FormerSessions {
  /** Whether a node may have this lease of one of them: it is neither refused nor ended. */
  holds(attempt: string, node: string): boolean
  /** What those that may come back need of the nodes, until they are gone on with or forgotten. */
  demands(): readonly AdmittedDemand[]
  /** Whether the report is about one of their leases; it is kept then. */
  keep(report: EndedReport): boolean
  /** Gives away the session that a shim's note names, if it is that job's. */
  take(note: string, job: string): Promise<FormerSession | null>
  /** Shims can come in from now on: those that nobody comes for are forgotten some seconds later. */
  doorIsOpen(): void
  /** Forgets those that nobody has asked for. */
  close(): Promise<void>
}

export interface FormerSessionsOptions {
  /** With a folder for each session. */
  readonly folder: string
  readonly release: string
  readonly clock: BootClock
  /** Milliseconds from the opening of the door until those that nobody has come for are forgotten. */
  readonly patienceMs?: number
  readonly onForgotten?: (sessions: number) => void
}

/** A shim that looks for its head knocks every 20 ms; one that lets an announcement come to its end first is rare. */
const usualPatienceMs = 4_000

interface Held {
  readonly id: string
  readonly folder: string
  readonly mark: SessionMark
  readonly crew: CrewMemory | null
  readonly reports: EndedReport[]
  isTaken: boolean
}

/** Looks at what the last head left; what cannot be of use is removed. */
export async function openFormerSessions(options: FormerSessionsOptions): Promise<FormerSessions> {
  const { folder, release, clock, patienceMs = usualPatienceMs } = options
  const held = new Map<string, Held>()
  for (const id of await namesIn(folder)) {
    const own = join(folder, id)
    const mark = (await readMemory(own, memoryNames.mark)) as SessionMark | null
    if (mark?.release === release && mark.boot === clock.boot) {
      const crew = (await readMemory(own, memoryNames.crew)) as CrewMemory | null
      held.set(id, { id, folder: own, mark, crew, reports: [], isTaken: false })
    } else await rm(own, { recursive: true, force: true })
  }
  let timer: NodeJS.Timeout | undefined
  const forget = async (): Promise<void> => {
    clearTimeout(timer)
    // A session that has been taken is whoever's took it.
    const all = [...held.values()].filter(({ isTaken }) => !isTaken)
    for (const { id } of all) held.delete(id)
    if (all.length > 0) options.onForgotten?.(all.length)
    for (const { folder: own } of all) await rm(own, { recursive: true, force: true })
  }
  let forgetting: Promise<void> | null = null
  const forgetOnce = (): Promise<void> => {
    forgetting ??= forget()
    return forgetting
  }
  const holderOf = (attempt: string, node: string) =>
    [...held.values()].find(({ crew }) =>
      crew?.parts.some(({ leases }) =>
        leases.some((lease) => lease.attempt === attempt && lease.node === node),
      ),
    )
  return {
    holds: (attempt, node) => holderOf(attempt, node) !== undefined,
    demands: () =>
      [...held.values()].map(({ mark, crew }) => ({
        platforms: crew?.platforms ?? platforms.map(({ name }) => name),
        // Another build of the same release may not have written it.
        demand: mark.demand ?? 0,
      })),
    keep(report) {
      const session = holderOf(report.attempt, report.node)
      const isNew = !session?.reports.some(({ attempt }) => attempt === report.attempt)
      if (isNew) session?.reports.push(report)
      return session !== undefined
    },
    async take(note, job) {
      const [, id = '', next = ''] = /^(\S+) (\d+)$/.exec(note) ?? []
      const session = held.get(id)
      if (session?.mark.job !== job || session.isTaken) return null
      session.isTaken = true
      let past: FormerSession | null = null
      try {
        const stand = (await readMemory(
          session.folder,
          memoryNames.stand(Number(next)),
        )) as StandMemory | null
        if (stand) past = await formerSession(session, stand, clock, () => held.delete(id))
        return past
      } finally {
        // Nobody else will come for it, and its nodes wait for an answer.
        if (!past) {
          held.delete(id)
          await rm(session.folder, { recursive: true, force: true })
        }
      }
    },
    doorIsOpen() {
      timer ??= setTimeout(() => void forgetOnce().catch(() => undefined), held.size > 0 ? patienceMs : 0)
    },
    close: forgetOnce,
  }
}

async function formerSession(
  session: Held,
  stand: StandMemory,
  clock: BootClock,
  letGo: () => void,
): Promise<FormerSession> {
  const { id, folder, mark, crew, reports } = session
  const staging = await reopenStaging(folder)
  const leadSeconds = stand.leadSeconds - (clock.seconds() - stand.atSeconds)
  const { next, publishedSeconds } = stand
  return {
    ...{ id, plan: mark.plan, look: crew?.look ?? null, ways: crew?.ways ?? {}, stand, staging },
    goingOn: { next, publishedSeconds, leadSeconds, parts: partsOf(stand, crew, staging.staged()) },
    adopt() {
      letGo()
      return reports
    },
    discard() {
      letGo()
      return staging.close()
    },
  }
}

const noLeases: readonly LeaseMemory[] = []

/** What is stored says how far each part is; the crew, who goes on with it. */
function partsOf(
  { next, maker }: StandMemory,
  crew: CrewMemory | null,
  staged: readonly StagedPiece[],
): GoingOnPart[] {
  const floors: readonly (readonly [string, number])[] = [
    ['video', next],
    ['audio', maker.nextSoundFile],
  ]
  return floors.map(([name, floor]) => {
    const memory: PartMemory = crew?.parts.find((part) => part.name === name) ?? {
      ...{ name, bound: null, wholeThoughShort: [], leases: noLeases },
    }
    const own = staged.filter(({ part, segment }) => part === name && segment >= floor)
    return {
      ...{ ...memory, floor },
      whole: own.filter(({ isShort }) => !isShort).map(({ segment }) => segment),
      short: own.filter(({ isShort }) => isShort).map(({ segment }) => segment),
    }
  })
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
