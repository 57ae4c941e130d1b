/** One entry of Chromium's trace, as far as it is needed: times in microseconds. */
export interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly dur?: number
  /** Of it, what the thread really had of a processor. */
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/** How long a page kept its main thread, a number for each task, milliseconds. */
export interface TaskTimes {
  readonly all: readonly number[]
  /** Those that did something: there are thousands that only look whether there is anything to do. */
  readonly working: readonly number[]
  /** Of all, what each had of a processor: without the waiting for others on a busy machine. */
  readonly processor: readonly number[]
}

/** What takes less has looked and found nothing. */
const workMs = 1

/**
 * Tasks of the busiest renderer's main thread, from a trace with the categories of {@link taskCategories}: that is the
 * page, the others being the browser's own.
 */
export function taskTimes(events: readonly TraceEvent[]): TaskTimes {
  const main = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  )
  const byThread = new Map<string, { all: number[]; processor: number[] }>()
  for (const { name, ph, pid, tid, dur, tdur = dur } of events) {
    const thread = `${pid} ${tid}`
    if (ph !== 'X' || !/RunTask$/.test(name) || dur === undefined || !main.has(thread)) continue
    const times = byThread.get(thread) ?? { all: [], processor: [] }
    times.all.push(dur / 1000)
    times.processor.push((tdur ?? dur) / 1000)
    byThread.set(thread, times)
  }
  const sum = (times: readonly number[]) => times.reduce((total, time) => total + time, 0)
  const [busiest] = [...byThread.values()].sort((one, other) => sum(other.all) - sum(one.all))
  const { all = [], processor = [] } = busiest ?? {}
  return { ...{ all, processor }, working: all.filter((time) => time >= workMs) }
}

export const taskCategories = ['toplevel', 'disabled-by-default-devtools.timeline']
