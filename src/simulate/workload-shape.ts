import type { Random } from './random.ts'
import type { Pause, Viewing } from './viewing.ts'

/** How people watch, in numbers. */
export interface WorkloadShape {
  readonly name: string
  /** Transcodes a day at the mean; a seek is a transcode of its own for the server, but not counted here. */
  readonly perDay: number
  /** Weight of each hour of the day. */
  readonly hours: readonly number[]
  /** Saturday and Sunday against other days. */
  readonly weekend: number
  readonly titles: readonly { readonly minutes: number; readonly weight: number }[]
  /** Minutes that somebody stays who could go on for ever: a Weibull distribution, cut off at the title's end. */
  readonly stay: { readonly scaleMinutes: number; readonly shape: number }
  /** How often the next one follows at once, and after how many seconds. */
  readonly binge: { readonly chance: number; readonly leastSeconds: number; readonly mostSeconds: number }
  readonly pausesPerHour: number
  readonly pauseMinutes: number
  readonly seeksPerHour: number
  readonly streams: readonly {
    readonly demand: number
    readonly platforms: readonly string[]
    readonly weight: number
  }[]
}

/**
 * Evenings as in PowerInfo's trace of video on demand (Yu et al., EuroSys 2006: most requests between 19 and 23 h, fewest
 * before dawn), more at weekends.
 */
export const eveningHours: readonly number[] = [
  ...[3, 1.5, 0.7, 0.3, 0.2, 0.2, 0.4, 0.8, 1.2, 1.5, 1.7, 2],
  ...[2.6, 2.8, 2.4, 2.3, 2.6, 3.4, 4.8, 7, 8.5, 8.6, 7, 5],
]

/** Somebody who watches the one after the next does so for an evening at most. */
const mostBinged = 5

/**
 * Viewings over so many days: arrivals by the hour of the day (a Poisson process whose rate changes), each perhaps the
 * first of several; how long people stay is a Weibull distribution cut off by the title's length, as in the modified
 * Weibull of completion rates (Huang et al., MMSys 2017). The same random stream gives the same viewings.
 */
export function viewingsOf(shape: WorkloadShape, days: number, random: Random): Viewing[] {
  const viewings: Viewing[] = []
  // Each arrival brings those that follow it.
  const { chance } = shape.binge
  const perArrival = (1 - chance ** mostBinged) / (1 - chance)
  const [arrivals, lives] = [random.fork('arrivals'), random.fork('lives')]
  for (let day = 0; day < days; day += 1) {
    for (const atSeconds of arrivalsOf(shape, day, shape.perDay / perArrival, arrivals)) {
      viewings.push(...evening(shape, atSeconds, `v${viewings.length}`, lives))
    }
  }
  return viewings
    .filter(({ atSeconds }) => atSeconds < days * 86_400)
    .sort((a, b) => a.atSeconds - b.atSeconds)
    .map((viewing, index) => ({ ...viewing, id: `v${index}` }))
}

function arrivalsOf(
  { hours, weekend }: WorkloadShape,
  day: number,
  perDay: number,
  random: Random,
): number[] {
  const total = hours.reduce((sum, weight) => sum + weight, 0)
  const isWeekend = day % 7 === 0 || day % 7 === 6
  const dayFactor = ((isWeekend ? weekend : 1) * 7) / (5 + 2 * weekend)
  const times: number[] = []
  for (const [hour, weight] of hours.entries()) {
    const perSecond = (perDay * dayFactor * weight) / total / 3_600
    if (perSecond <= 0) continue
    for (let at = random.exponential(1 / perSecond); at < 3_600; at += random.exponential(1 / perSecond)) {
      times.push(day * 86_400 + hour * 3_600 + at)
    }
  }
  return times
}

/** One who begins, and what follows. */
function evening(shape: WorkloadShape, atSeconds: number, id: string, random: Random): Viewing[] {
  const stream = weighted(shape.streams, random)
  const title = weighted(shape.titles, random)
  const viewings: Viewing[] = []
  let at = atSeconds
  for (let count = 0; count < mostBinged; count += 1) {
    const titleSeconds = title.minutes * 60 * random.between(0.85, 1.15)
    const stay = random.weibull(shape.stay.scaleMinutes * 60, shape.stay.shape)
    const pieces = soughtPieces(shape, Math.max(20, Math.min(stay, titleSeconds)), titleSeconds, random)
    for (const [index, { watchSeconds, leftSeconds }] of pieces.entries()) {
      const pauses = pausesOf(shape, watchSeconds, random)
      const { demand, platforms } = stream
      const name = `${id}-${count}-${index}`
      viewings.push({
        id: name,
        atSeconds: at,
        watchSeconds,
        titleSeconds: leftSeconds,
        pauses,
        demand,
        platforms,
      })
      at += watchSeconds + pauses.reduce((total, { seconds }) => total + seconds, 0) + 2
    }
    const isSeenToTheEnd = stay >= titleSeconds
    if (!isSeenToTheEnd || random.next() >= shape.binge.chance) break
    at += random.between(shape.binge.leastSeconds, shape.binge.mostSeconds)
  }
  return viewings
}

/** A seek ends a transcode and begins another one. */
function soughtPieces(
  { seeksPerHour }: WorkloadShape,
  watchSeconds: number,
  titleSeconds: number,
  random: Random,
): { readonly watchSeconds: number; readonly leftSeconds: number }[] {
  const pieces: { watchSeconds: number; leftSeconds: number }[] = []
  let left = watchSeconds
  let titleLeft = titleSeconds
  while (left > 0) {
    const untilSeek = seeksPerHour > 0 ? random.exponential(3_600 / seeksPerHour) : Number.POSITIVE_INFINITY
    const isLast = untilSeek >= left - 20 || untilSeek < 5
    const watched = isLast ? left : untilSeek
    pieces.push({ watchSeconds: watched, leftSeconds: Math.max(titleLeft, watched) })
    left -= watched
    titleLeft -= watched
    if (isLast) break
  }
  return pieces
}

function pausesOf({ pausesPerHour, pauseMinutes }: WorkloadShape, seconds: number, random: Random): Pause[] {
  const pauses: Pause[] = []
  if (pausesPerHour <= 0) return pauses
  const mean = 3_600 / pausesPerHour
  for (let at = random.exponential(mean); at < seconds - 30; at += 30 + random.exponential(mean)) {
    pauses.push({ afterSeconds: at, seconds: 10 + random.exponential(pauseMinutes * 60) })
  }
  return pauses
}

function weighted<T extends { readonly weight: number }>(items: readonly T[], random: Random): T {
  let left = random.next() * items.reduce((total, { weight }) => total + weight, 0)
  for (const item of items) {
    left -= item.weight
    if (left < 0) return item
  }
  return items.at(-1)!
}
