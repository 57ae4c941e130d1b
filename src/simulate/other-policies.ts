import { PowerPolicy } from '../placement/power/power-policy.ts'
import { breakEvenSeconds } from '../placement/power/power-profile.ts'
import type { PowerRules } from '../placement/power/power-rules.ts'
import type { PowerDecision, PowerView } from '../placement/power/power-view.ts'
import type { Fleet } from './fleet.ts'
import type { AwakePolicy } from './simulated-head.ts'

/** Policies to be compared with the real one: all are that one but for what their name says. */
export const policyNames = [
  'paceline',
  'at-once',
  '120-s',
  '300-s',
  '600-s',
  'one-warm',
  'always-on',
] as const
export type PolicyName = (typeof policyNames)[number]

const allWeek = { days: [0, 1, 2, 3, 4, 5, 6], from: 0, to: 1_440 }

export function policyOf(name: PolicyName, { rules, nodes }: Fleet): AwakePolicy {
  switch (name) {
    case 'paceline':
      return new PowerPolicy(rules)
    case 'at-once':
      return new OtherTimeout(rules, 0)
    case '120-s':
      return new OtherTimeout(rules, 120)
    case '300-s':
      return new OtherTimeout(rules, 300)
    case '600-s':
      return new OtherTimeout(rules, 600)
    case 'one-warm':
      return new PowerPolicy({ ...rules, keepWarm: [{ hours: allWeek, nodes: 1 }] })
    case 'always-on':
      return new PowerPolicy({ ...rules, keepWarm: [{ hours: allWeek, nodes: nodes.length }] })
  }
}

/** Nodes idle for a time of its own before they sleep, whatever a boot costs. */
class OtherTimeout implements AwakePolicy {
  readonly #inner: PowerPolicy
  readonly #idleSeconds: number

  constructor(rules: PowerRules, idleSeconds: number) {
    this.#inner = new PowerPolicy({ ...rules, minOnSeconds: 0, minOffSeconds: 0 })
    this.#idleSeconds = idleSeconds
  }

  sessionBegan(nowMs: number, weekMinute: number): void {
    this.#inner.sessionBegan(nowMs, weekMinute)
  }

  sessionEnded(seconds: number): void {
    this.#inner.sessionEnded(seconds)
  }

  /** The break-even time of what it is shown is the one that it is to use: idling is what sets it. */
  decide(view: PowerView, nowMs: number): PowerDecision {
    const nodes = view.nodes.map((node) => {
      const { profile } = node
      const factor = this.#idleSeconds / breakEvenSeconds(profile)
      const scale = (watts: number) => profile.offWatts + (watts - profile.offWatts) * factor
      return {
        ...node,
        profile: { ...profile, wakeWatts: scale(profile.wakeWatts), sleepWatts: scale(profile.sleepWatts) },
      }
    })
    return this.#inner.decide({ ...view, nodes }, nowMs)
  }
}
