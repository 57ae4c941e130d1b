import type { GroupUsage } from './process-usage.ts'

/** What is seen of an ffmpeg and of its lease at one look. */
export interface LifeSigns {
  /** Grows with every picture it tells of, every byte it writes and every piece of media it asks for. */
  readonly traffic: number
  /** It waits for the head: for credit, for room, or for media. */
  readonly waits: boolean
  /** Processor time of its first process; `undefined` where the system does not tell. */
  readonly cpuSeconds: number | undefined
  /** The same and more for all that it started; asked only when nothing else moves, for it costs milliseconds. */
  readonly group: () => GroupUsage | undefined
}

/** From look to look. */
const lookEveryMs = 500
/**
 * Looks without any sign of life after which an ffmpeg hangs: 4 s. Looks are counted, not time: an agent that was frozen
 * itself, or asleep with its machine, has not looked.
 */
const patientLooks = 8
/** For one that waits for a disk, which may have to spin up or be a slow memory card: 20 s. */
const diskLooks = 40
/** Where the system says nothing of processes, silence may as well be work: 60 s. */
const blindLooks = 120
/** One look at the whole group costs too much to be had for every pause. */
const quietLooks = 2
/** Less than three ticks of 1/100 s is what waking up now and then, to tell of nothing new, adds up to. */
const leastCpuSeconds = 0.025

/** Tells from looks, one every half second, whether an ffmpeg is only slow, or waits, or hangs. */
export class HangJudge {
  private silentLooks = 0
  private traffic = 0
  private cpuSeconds = 0
  private groupSeconds: number | undefined

  /** Seconds without a sign of life when it hangs, else null. */
  look(signs: LifeSigns): number | null {
    const { waits, traffic, cpuSeconds = 0 } = signs
    if (waits || traffic !== this.traffic || cpuSeconds - this.cpuSeconds > leastCpuSeconds) {
      this.alive(signs)
      return null
    }
    this.silentLooks += 1
    if (this.silentLooks < quietLooks) return null
    const group = signs.group()
    if (group !== undefined && this.works(group)) {
      this.alive(signs)
      return null
    }
    return this.silentLooks < patienceWith(group) ? null : (this.silentLooks * lookEveryMs) / 1000
  }

  /** Whether anything of the group has had the processor, or only lacks one. */
  private works({ cpuSeconds, runnable }: GroupUsage): boolean {
    this.groupSeconds ??= cpuSeconds
    return runnable || cpuSeconds - this.groupSeconds > leastCpuSeconds
  }

  private alive({ traffic, cpuSeconds = 0 }: LifeSigns): void {
    this.silentLooks = 0
    this.traffic = traffic
    this.cpuSeconds = cpuSeconds
    this.groupSeconds = undefined
  }
}

function patienceWith(group: GroupUsage | undefined): number {
  if (group === undefined) return blindLooks
  return group.onDisk ? diskLooks : patientLooks
}

/** Looks until it is stopped, or until the ffmpeg hangs: then `onHang` is told once, with the seconds of silence. */
export function watchForHang(look: () => LifeSigns, onHang: (seconds: number) => void): { stop(): void } {
  const judge = new HangJudge()
  const timer = setInterval(() => {
    const seconds = judge.look(look())
    if (seconds === null) return
    clearInterval(timer)
    onHang(seconds)
  }, lookEveryMs)
  return { stop: () => clearInterval(timer) }
}
