import { printable } from '../../printable.ts'
import { localJobLines } from '../local-jobs-text.ts'
import { tableText } from '../table.ts'
import type { WatchedNode, WatchedSession, WatchedState, WatchedWatts } from './watched-state.ts'

export interface ScreenSize {
  readonly columns: number
  /** Lines that there is room for; those that do not fit are left out, and that is said. */
  readonly rows: number
  /** Whether the terminal shows colours. */
  readonly hasColors: boolean
}

const [bold, dim, plain] = ['\u001b[1m', '\u001b[2m', '\u001b[0m']

/** One line each, no longer than the terminal is wide. */
export function screenText(state: WatchedState, size: ScreenSize): string {
  const letters = lettersOf(state.nodes)
  const lines = [
    ...headLines(state),
    ...[fleetLine(state.fleet), ''],
    ...nodeLines(state, letters),
    '',
    ...(state.sessions.length === 0 ? ['Nothing is being made.'] : []),
    ...state.sessions.flatMap((session) => [...sessionLines(session, letters, size), '']),
    ...localJobLines(state.head.localJobs ?? [], state.head.nowMs),
  ]
  const fitting =
    lines.length <= size.rows
      ? lines
      : [...lines.slice(0, size.rows - 1), `... ${lines.length - size.rows + 1} lines more`]
  return fitting.map((line) => cut(line, size)).join('\n')
}

/** A node is a letter in strips: `a` to `z`, and `*` for all further ones. */
function lettersOf(nodes: readonly WatchedNode[]): ReadonlyMap<string, string> {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz'
  return new Map(nodes.map(({ name }, index) => [name, alphabet[index] ?? '*']))
}

function headLines({ head }: WatchedState): string[] {
  const { version, startedAtMs, nowMs, observeOnly, natsTrouble, waitingForRoom } = head
  return [
    `head ${version}, up ${durationText((nowMs - startedAtMs) / 1000)}`,
    ...(observeOnly ? ['Only observing: every job runs on the media server.'] : []),
    ...(natsTrouble === null ? [] : [`NATS: ${natsTrouble}`]),
    ...(waitingForRoom > 0 ? [`${waitingForRoom} wait for room on the nodes`] : []),
  ]
}

function fleetLine({ watts, savedWatts, month }: WatchedState['fleet']): string {
  const now = watts === null ? 'watts not known' : `${wattsText(watts)} now`
  const saved = savedWatts === null ? [] : [`${savedWatts.toFixed(1)} W saved`]
  if (month === null) return [now, ...saved].join(', ')
  const { kwh, savedKwh, cost, savedCost, currency } = month
  const money =
    cost === null ? '' : ` (${cost.toFixed(2)} ${currency ?? ''}, ${(savedCost ?? 0).toFixed(2)} saved)`
  return [now, ...saved, `this month ${kwh.toFixed(2)} kWh, ${savedKwh.toFixed(2)} saved${money}`].join(', ')
}

/** What a model says is marked. */
function wattsText({ value, source }: WatchedWatts): string {
  return `${source === 'modelled' ? '~' : ''}${value.toFixed(1)} W`
}

function nodeLines({ nodes, head }: WatchedState, letters: ReadonlyMap<string, string>): string[] {
  const unknown = '-'
  const rows = nodes.map((node) => [
    `${letters.get(node.name)}  ${printable(node.name)}`,
    stateText(node, head.nowMs),
    node.watts === null ? unknown : wattsText(node.watts),
    node.load === null ? unknown : `${Math.round(node.load * 100)} %`,
    node.celsius === null ? unknown : `${Math.round(node.celsius)} °C`,
    node.speed === null ? unknown : `${node.speed.toFixed(1)}x`,
    String(node.leases.length),
  ])
  const table = tableText(['   node', 'state', 'power', 'load', 'heat', 'speed', 'leases'], rows)
  const troubles = nodes.flatMap(({ name, troubles }) =>
    troubles.map((each) => printable(`${name}: ${each}`)),
  )
  return [...table.trimEnd().split('\n'), ...troubles]
}

function stateText({ state, readyAtMs }: WatchedNode, nowMs: number): string {
  if (state !== 'waking' || readyAtMs === null) return state
  return `waking, ${Math.max(0, Math.ceil((readyAtMs - nowMs) / 1000))} s`
}

function sessionLines(
  session: WatchedSession,
  letters: ReadonlyMap<string, string>,
  size: ScreenSize,
): string[] {
  const { title, job, state, speed, player, publishedSegments, timeline, hedges, waitsFor } = session
  const of = timeline.endSegment === null ? '' : ` of ${timeline.endSegment - timeline.firstSegment}`
  const facts = [
    state,
    ...(speed === null ? [] : [`${speed.toFixed(1)}x`]),
    `${publishedSegments}${of} segments`,
    ...(player === null ? [] : [`${Math.round(player.leadSeconds)} s ahead`]),
    ...(hedges === 0 ? [] : [`${hedges} hedged`]),
  ]
  return [
    printable(`${title}: ${job}`),
    `  ${facts.join(', ')}`,
    `  ${stripText(session, letters, size)}`,
    ...waitsFor.map((what) => `  waits: ${printable(what)}`),
  ]
}

/**
 * The last segments by the letters of their makers: as they were published, then dimmed (or in capitals, without colours)
 * what is made and waits. `|` where the pictures change hands, `.` where one is missing.
 */
function stripText(
  { segments }: WatchedSession,
  letters: ReadonlyMap<string, string>,
  { columns, hasColors }: ScreenSize,
): string {
  const cells: string[] = []
  let before: (typeof segments)[number] | undefined
  for (const segment of segments) {
    const [index, node, attempt, publishedAtMs] = segment
    if (before && attempt !== before[2]) cells.push('|')
    for (let missing = (before?.[0] ?? index - 1) + 1; missing < index; missing++) cells.push('.')
    const letter = letters.get(node) ?? '?'
    const waiting = hasColors ? `${dim}${letter}${plain}` : letter.toUpperCase()
    cells.push(publishedAtMs === null ? waiting : letter)
    before = segment
  }
  return cells.slice(-(columns - 3)).join('')
}

function cut(line: string, { columns, hasColors }: ScreenSize): string {
  // Only strips have colours, and those are as long as they may be.
  if (line.replaceAll(dim, '').replaceAll(plain, '').length <= columns)
    return hasColors && line.startsWith('head ') ? `${bold}${line}${plain}` : line
  return `${line.slice(0, columns - 1)}…`
}

function durationText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`
}
