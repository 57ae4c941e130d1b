import { basename } from 'node:path'
import { type LocalCode, localReasons } from '../plan/local-reasons.ts'
import type { LocalJobView } from './api/contract/local-job.ts'
import { maskedArguments } from './masked-arguments.ts'
import { observing } from './observe/observing.ts'

/** What the media server's own transcoder was left to do since the head began. */
export interface LocalJobs {
  /** To be told of every job that stays local, with what the shim was told; one that is only observed does not count. */
  note(args: readonly string[], reason: string): void
  /** Newest last: the last few. */
  last(): readonly LocalJobView[]
  /** How many, by code. */
  counts(): ReadonlyMap<string, number>
}

/** What a server does by itself in the night, by the thousand: it would push out what somebody wanted to watch. */
const background: ReadonlySet<string> = new Set<LocalCode>([
  ...(['images', 'nothing-kept', 'no-server', 'sound-only', 'subtitles-only'] as const),
])

const longestTitle = 200
const longestReason = 500

/** @param wallNow milliseconds since 1970 */
export function createLocalJobs(wallNow: () => number, most = 20): LocalJobs {
  const rows = new Map<string, LocalJobView>()
  const counts = new Map<string, number>()
  let rowsMade = 0
  return {
    note(args, told) {
      if (told === observing) return
      const { code, reason } = readReason(told)
      counts.set(code, (counts.get(code) ?? 0) + 1)
      const title = filmOf(args).slice(0, longestTitle)
      const key = background.has(code) ? code : `${code} ${title}`
      const before = rows.get(key)
      rowsMade += 1
      const [id, times] = [before?.id ?? `l${rowsMade}`, (before?.times ?? 0) + 1]
      rows.delete(key)
      rows.set(key, { id, title, code, reason: reason.slice(0, longestReason), times, atMs: wallNow() })
      for (const oldest of [...rows.keys()].slice(0, -most)) rows.delete(oldest)
    },
    last: () => [...rows.values()],
    counts: () => counts,
  }
}

/** Reasons begin with their code; see refusal.ts. The head's own, when it closes or is too slow, have none. */
function readReason(told: string): Pick<LocalJobView, 'code' | 'reason'> {
  const [, code = '', reason = ''] = /^([a-z-]+): (.*)$/s.exec(told) ?? []
  return Object.hasOwn(localReasons, code) ? { code, reason } : { code: 'head', reason: told }
}

/** The file name of what a transcoder would read first. */
export function filmOf(args: readonly string[]): string {
  const masked = maskedArguments(args)
  const at = masked.indexOf('-i')
  return at < 0 ? '-' : basename(masked[at + 1] ?? '-')
}
