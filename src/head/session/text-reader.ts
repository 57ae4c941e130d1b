import { joinText, type TextFile, type TextFormatRules } from '../../container/text/text-file.ts'
import { PacelineError } from '../../errors.ts'
import type { TextSpan } from '../../platforms/text-lease.ts'

/** How a stretch of text is read by a node; null when it could not be. Rejects never. */
export type ReadStretch = (node: string, span: TextSpan) => Promise<Buffer | null>

export interface TextReaderOptions {
  readonly rules: TextFormatRules
  /** Where the session begins, seconds; what begins before is looked for so far back. */
  readonly startSeconds: number
  readonly lookBackSeconds: number
  /** A file of text alone is read whole, whatever is asked for. */
  readonly whole: boolean
  readonly read: ReadStretch
  /** Nodes that may read, the best first. */
  readonly nodes: () => readonly string[]
}

/**
 * The text of a film as far as a session has needed it. Each stretch is read once, by a node that is about to make
 * pictures of it, and what was read before is kept: so whatever lease burns it in, all the text that began since the
 * session did is there, however long it is shown.
 */
export interface TextReader {
  /**
   * The text that begins before `untilSeconds`, and perhaps more. `node` reads what is missing, if it can. Rejects
   * with E_TEXT_UNREAD when none could.
   */
  until(untilSeconds: number, node: string): Promise<TextFile>
}

/** No stretch is longer than what was asked for and so much more: a node that fails then loses little. */
const mostAheadSeconds = 60

/** Nodes that are tried for one stretch. */
const mostTries = 3

export function createTextReader(options: TextReaderOptions): TextReader {
  const { rules, startSeconds, lookBackSeconds, whole } = options
  let text: TextFile | null = null
  let readUntil = Math.max(0, startSeconds - lookBackSeconds)
  let wanted = readUntil
  let running: Promise<void> | null = null

  const read = async (node: string, span: TextSpan): Promise<Buffer> => {
    const others = options.nodes().filter((id) => id !== node)
    const candidates = [node, ...others, node].slice(0, mostTries)
    for (const candidate of candidates) {
      const bytes = await options.read(candidate, span)
      if (bytes !== null) return bytes
    }
    throw new PacelineError('E_TEXT_UNREAD', `${span.from.toFixed(1)} s to ${span.to.toFixed(1)} s`)
  }
  const extend = async (node: string): Promise<void> => {
    // Twice as much each time: the first picture waits for little, and later ones seldom.
    const ahead = text === null ? 0 : Math.min(mostAheadSeconds, Math.max(0, readUntil - startSeconds))
    const to = whole ? Number.POSITIVE_INFINITY : wanted + ahead
    // Of the first stretch everything counts, however early it begins.
    const from = text === null ? Number.NEGATIVE_INFINITY : readUntil
    const bytes = await read(node, { from: readUntil, to })
    text = joinText(text, rules.read(bytes.toString('utf8')), from, to)
    readUntil = to
  }
  return {
    async until(untilSeconds, node) {
      while (text === null || readUntil < untilSeconds) {
        wanted = Math.max(wanted, untilSeconds)
        running ??= extend(node).finally(() => {
          running = null
        })
        await running
      }
      return text
    },
  }
}
