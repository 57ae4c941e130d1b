import type { ProgressLine } from '../progress-line.ts'
import type { Arrival } from './session-watch.ts'

/** Tells of segments as they come: one line that is written over on a terminal, one line a segment elsewhere. */
export interface DemoReport {
  /** @param percent of the film that is announced; null where its length is not known. */
  show(percent: number | null, arrivals: readonly Arrival[]): void
}

/** @param say prints a line. */
export function openDemoReport(
  line: ProgressLine,
  onTerminal: boolean,
  say: (text: string) => void,
): DemoReport {
  let told = 0
  return {
    show(percent, arrivals) {
      if (onTerminal) line.show(percent, makersText(arrivals))
      else for (const { segment, node } of arrivals.slice(told)) say(`Segment ${segment} came from ${node}.`)
      told = arrivals.length
    },
  }
}

/** The newest segments that fit beside the bar of an ordinary terminal. */
const mostShown = 4

/** `made 0 by node-1, 1 by node-2`, the newest last. */
function makersText(arrivals: readonly Arrival[]): string {
  if (arrivals.length === 0) return 'waiting for the first segment'
  const newest = arrivals.slice(-mostShown).map(({ segment, node }) => `${segment} by ${node}`)
  const more = arrivals.length > mostShown ? '... ' : ''
  return `made ${more}${newest.join(', ')}`
}

export interface DemoResult {
  /** Seconds of film that were made, and the seconds it took. */
  readonly filmSeconds: number
  readonly seconds: number
  /** Real-time factor. */
  readonly speed: number
  readonly nodes: Readonly<Record<string, { readonly segments: number }>>
  /** Address of the page, and of the playlist. */
  readonly page: string
  readonly playlist: string
}

export function demoResult(
  filmSeconds: number,
  seconds: number,
  arrivals: readonly Arrival[],
  page: string,
): DemoResult {
  const names = [...new Set(arrivals.map(({ node }) => node))].sort()
  const count = (name: string) => arrivals.filter(({ node }) => node === name).length
  return {
    ...{ filmSeconds: thousandths(filmSeconds), seconds: thousandths(seconds) },
    speed: thousandths(filmSeconds / seconds),
    nodes: Object.fromEntries(names.map((name) => [name, { segments: count(name) }])),
    ...{ page, playlist: `${page}index.m3u8` },
  }
}

/** The last line: how fast, who made how many, and where it can be watched. */
export function resultText({ filmSeconds, seconds, speed, nodes, page, playlist }: DemoResult): string {
  const shares = Object.entries(nodes).map(([name, { segments }]) => `${name} made ${segmentsText(segments)}`)
  return (
    `${filmSeconds.toFixed(1)} s of film in ${seconds.toFixed(1)} s, ${speed.toFixed(2)}x real time: ` +
    `${shares.join(', ')}. Watch it at ${page} or with: ffplay ${playlist}`
  )
}

const segmentsText = (count: number): string => `${count} segment${count === 1 ? '' : 's'}`

const thousandths = (value: number): number => Math.round(value * 1000) / 1000
