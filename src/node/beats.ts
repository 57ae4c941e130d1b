import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { type Beat, contractVersion } from '../cluster/messages.ts'
import type { ControlConnection } from './control.ts'

/** What a node says of itself in every beat, as long as its process lives. */
export type BeatOfNode = Pick<Beat, 'node' | 'name' | 'version'>

/** What may be different from beat to beat. */
export type BeatOfMoment = Pick<
  Beat,
  'platforms' | 'leases' | 'leaving' | 'proofs' | 'capabilities' | 'troubles' | 'power' | 'health'
>

export interface BeatsOptions {
  readonly control: ControlConnection
  readonly node: BeatOfNode
  readonly moment: () => BeatOfMoment
  /** From beat to beat while it holds leases, and while it holds none. */
  readonly beatMs: number
  readonly idleBeatMs: number
}

export interface Beats {
  /** Beats out of turn: the node has something to do now, or nothing any more, or something else to say. */
  now(): void
  stop(): void
}

/** Beats at once, from then on as often as its leases ask for, and whenever the connection is back. */
export function startBeats({ control, node, moment, beatMs, idleBeatMs }: BeatsOptions): Beats {
  const boot = randomBytes(8).toString('hex')
  const machine = machineBoot()
  const cores = availableParallelism()
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const beat = (): void => {
    if (stopped) return
    clearTimeout(timer)
    const now = moment()
    timer = setTimeout(beat, now.leases.length > 0 ? beatMs : idleBeatMs)
    control.publishBeat({ ...node, boot, ...machine, contract: contractVersion, cores, ...now })
  }
  beat()
  control.onReconnect(beat)
  return {
    now: beat,
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** A digest, since the run of a machine names it to everybody. Linux: /proc/sys/kernel/random/boot_id, see random(4). */
function machineBoot(): Pick<Beat, 'machine'> {
  try {
    const id = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    return { machine: createHash('sha256').update(`paceline ${id}`).digest('hex').slice(0, 16) }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    return {}
  }
}
