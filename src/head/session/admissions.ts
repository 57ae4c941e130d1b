import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { type AdmissionNode, type AdmittedDemand, decide } from '../../placement/admission.ts'
import { demandOf, fasterPlans, type SourcePictures } from '../../placement/demand.ts'
import type { Plan } from '../../plan/plan.ts'

/**
 * What becomes of a stream that the nodes cannot carry beside those that play: the media server's own transcoder runs it
 * (`local`), the viewer sees the server's error (`refuse`), or it is begun all the same and shares what there is (`share`).
 */
export type OverloadPolicy = 'local' | 'refuse' | 'share'

/** Somebody who would like to begin. */
export interface AdmissionWish {
  readonly plan: Plan
  readonly source?: SourcePictures
  readonly title: string
}

export type Admission =
  /** The plan as it is to be carried out. */
  | { readonly plan: Plan }
  | { readonly full: 'local' | 'refuse'; readonly why: string }
  /** Its job ended while it waited. */
  | { readonly gone: true }

/** What was done with one for whom there was not room at once, for people. */
export interface OverloadChoice {
  readonly title: string
  readonly choice: 'waited' | 'lowered' | 'local' | 'refused'
  /** The preset that it was lowered to, or why there was no room; null when it only waited. */
  readonly detail: string | null
  readonly waitedSeconds: number
  readonly atMs: number
}

/** Lets streams begin while the nodes can carry them. */
export interface Admissions {
  admit(wish: AdmissionWish, signal: AbortSignal): Promise<Admission>
  /** A session with this plan has begun, and counts by itself from now on. */
  begun(plan: Plan): void
  waiting(): number
  /** The last few for whom there was not room, newest last. */
  choices(): readonly OverloadChoice[]
}

export interface AdmissionsOptions {
  readonly policy: OverloadPolicy
  /** Platforms that a plan would be made on now. */
  readonly platformsFor: (plan: Plan) => readonly string[]
  readonly running: () => readonly AdmittedDemand[]
  readonly nodes: () => readonly AdmissionNode[]
  readonly now: () => number
  readonly log: Pick<Logger, 'info' | 'warn'>
}

const lookEveryMs = 100
/** Between being let in and beginning lie fonts that are read; whoever takes longer has failed. */
const promiseMs = 10_000
const rememberedChoices = 20

export function createAdmissions(options: AdmissionsOptions): Admissions {
  const { policy, now, log } = options
  const promised = new Map<Plan, AdmittedDemand & { readonly untilMs: number }>()
  /** First come, first served: a number for each that waits. */
  const queue: { readonly demand: AdmittedDemand }[] = []
  const choices: OverloadChoice[] = []

  const remember = (choice: OverloadChoice): void => {
    choices.push(choice)
    if (choices.length > rememberedChoices) choices.shift()
  }
  const promises = (): AdmittedDemand[] => {
    for (const [plan, { untilMs }] of promised) if (untilMs < now()) promised.delete(plan)
    return [...promised.values()]
  }
  const letIn = (plan: Plan, platforms: readonly string[], demand: number): Admission => {
    promised.set(plan, { platforms, demand, untilMs: now() + promiseMs })
    return { plan }
  }

  const admit = async (wish: AdmissionWish, signal: AbortSignal): Promise<Admission> => {
    const { plan, source, title } = wish
    if (policy === 'share') return { plan }
    const startedMs = now()
    const wishes = [{ preset: null, plan }, ...fasterPlans(plan)].map((each) => ({
      ...each,
      demand: demandOf(each.plan, source),
    }))
    const platforms = options.platformsFor(plan)
    const place = { demand: { platforms, demand: wishes.at(-1)!.demand } }
    queue.push(place)
    try {
      while (!signal.aborted) {
        const before = queue.slice(0, queue.indexOf(place)).map(({ demand }) => demand)
        const others = [...options.running(), ...promises(), ...before]
        const waitedMs = now() - startedMs
        const decision = decide({ platforms, wishes, waitedMs }, others, options.nodes())
        const waitedSeconds = Math.round(waitedMs / 10) / 100
        const told = { title, waitedSeconds, atMs: now() }
        if (decision.how === 'start') {
          const taken = wishes.find(({ preset }) => preset === decision.preset)!
          if (decision.preset !== null) {
            log.info(
              { ...told, preset: decision.preset },
              'the nodes are busy: a job begins with a faster preset',
            )
            remember({ ...told, choice: 'lowered', detail: decision.preset })
          } else if (waitedMs > lookEveryMs) {
            log.info(told, 'the nodes were busy: a job has waited')
            remember({ ...told, choice: 'waited', detail: null })
          }
          return letIn(taken.plan, platforms, taken.demand)
        }
        if (decision.how === 'full') {
          const { why } = decision
          log.warn(
            { ...told, code: 'E_OVERLOAD', why, choice: policy },
            'the nodes are busy with those who watch',
          )
          remember({
            ...told,
            choice: policy === 'refuse' ? 'refused' : 'local',
            detail: `E_OVERLOAD: ${why}`,
          })
          return { full: policy, why }
        }
        await sleep(lookEveryMs)
      }
      return { gone: true }
    } finally {
      queue.splice(queue.indexOf(place), 1)
    }
  }
  return {
    admit,
    begun: (plan) => void promised.delete(plan),
    waiting: () => queue.length,
    choices: () => choices,
  }
}
