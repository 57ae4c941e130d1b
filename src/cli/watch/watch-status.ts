import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiClient } from '../api-client.ts'
import { screenText } from './screen-text.ts'
import type { WatchedState } from './watched-state.ts'

/** Where it is shown; a `WriteStream` fits, and so does a pipe. */
export interface WatchOutput {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  hasColors?(): boolean
  write(text: string): unknown
}

export interface WatchOptions {
  /** Opens the way to the head, which may be another one each time: its port may change with a restart. */
  readonly connect: () => Promise<Pick<ApiClient, 'get'>>
  readonly output: WatchOutput
  readonly json: boolean
  readonly signal: AbortSignal
  readonly everyMs?: number
}

const [home, clearLine, clearBelow] = ['\u001b[H', '\u001b[K', '\u001b[J']
const [hideCursor, showCursor] = ['\u001b[?25l', '\u001b[?25h']
const [otherScreen, usualScreen] = ['\u001b[?1049h', '\u001b[?1049l']

/**
 * Shows the state again and again until the signal is aborted: on a terminal in place, on a screen of its own; in a pipe a
 * block (with `json` a line) whenever something is different, without colours. A head that is away is waited for.
 */
export async function watchStatus(options: WatchOptions): Promise<void> {
  const { output, json, signal, everyMs = 500 } = options
  const isScreen = output.isTTY === true && !json
  let client: Pick<ApiClient, 'get'> | null = null
  let last = ''
  if (isScreen) output.write(`${otherScreen}${hideCursor}`)
  try {
    while (!signal.aborted) {
      try {
        client ??= await options.connect()
        const state = await client.get<WatchedState>('/state')
        last = show(options, isScreen, state, last)
      } catch (error) {
        client = null
        const text = `${error instanceof Error ? error.message : String(error)}: waiting for it`
        if (isScreen) output.write(`${home}${clearLine}${text}\n${clearLine}`)
        else if (text !== last && !json) output.write(`${text}\n`)
        last = text
      }
      await sleep(everyMs, undefined, { signal }).catch(() => undefined)
    }
  } finally {
    if (isScreen) output.write(`${showCursor}${usualScreen}`)
  }
}

function show({ output, json }: WatchOptions, isScreen: boolean, state: WatchedState, last: string): string {
  if (json) return writeNew(output, JSON.stringify(state), withoutClock(state), last)
  if (!isScreen) {
    const text = screenText(state, { columns: 120, rows: Number.POSITIVE_INFINITY, hasColors: false })
    return writeNew(output, `${text}\n`, text.replace(/^.*\n/, ''), last)
  }
  const { columns = 80, rows = 24 } = output
  const text = screenText(state, { columns, rows: rows - 1, hasColors: output.hasColors?.() ?? false })
  output.write(`${home}${text.replaceAll('\n', `${clearLine}\n`)}${clearLine}\n${clearBelow}`)
  return text
}

/** Writes it where what matters of it is other than before. */
function writeNew(output: WatchOutput, text: string, matters: string, last: string): string {
  if (matters !== last) output.write(`${text}\n`)
  return matters
}

/** A player that goes on is no news. */
function withoutClock({ head, fleet, nodes, sessions }: WatchedState): string {
  const still = sessions.map(({ player: _player, ...session }) => session)
  return JSON.stringify({ head: { ...head, nowMs: 0 }, fleet, nodes, sessions: still })
}
