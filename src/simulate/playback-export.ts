import { z } from 'zod'
import { PacelineError } from '../errors.ts'
import type { Random } from './random.ts'
import type { Viewing } from './viewing.ts'

/** What a playback export says of one viewing. */
export interface Played {
  readonly atSeconds: number
  readonly watchSeconds: number
  readonly pausedSeconds: number
  /** Null where the export does not say. */
  readonly isTranscoded: boolean | null
}

/** What an export holds: what was played, and how many of its rows say nothing that can be used. */
export interface PlaybackExport {
  readonly played: readonly Played[]
  readonly oddRows: number
}

/** Tautulli leaves out numbers that it does not know, or writes an empty text or null. */
const number = z.coerce.number().nullish().catch(null)

/** Tautulli's `get_history`: times are Unix seconds, `play_duration` or `duration` seconds without pauses. */
const tautulliSchema = z.looseObject({
  response: z.looseObject({
    data: z.looseObject({
      data: z.array(
        z.looseObject({
          started: number,
          duration: number,
          play_duration: number,
          paused_counter: number,
          transcode_decision: z.string().nullish().catch(null),
        }),
      ),
    }),
  }),
})

/** Who seems to have watched for longer has left a player on, or has a clock that jumped. */
const longestSeconds = 24 * 3_600

/** Columns of the Playback Reporting plugin's backup: a line each, tabs between. */
const reportingColumns = 9

/**
 * Reads an export: Tautulli's `get_history` answer (JSON), or the backup of Jellyfin's and Emby's Playback Reporting
 * plugin (lines with tabs: time, user, item, type, name, method, client, device, seconds). Rows without a time or a
 * duration, or with one that cannot be, are odd; what was not watched at all says nothing and is not counted as odd.
 *
 * @throws PacelineError E_SIMULATE_FILE for anything else, or without a single viewing
 */
export function readExport(file: string, name: string): PlaybackExport {
  // Windows writes a mark of its own in front.
  const text = file.replace(/^\uFEFF/, '')
  const rows = /^\s*[[{]/.test(text) ? readTautulli(text, name) : readReporting(text, name)
  const known = rows.filter((row) => row !== null)
  const played = known
    .filter(({ watchSeconds }) => watchSeconds > 0)
    .sort((a, b) => a.atSeconds - b.atSeconds)
  const oddRows = rows.length - known.length
  if (played.length === 0) {
    const odd = oddRows > 0 ? `, and ${oddRows} of ${rows.length} rows make no sense` : ''
    throw new PacelineError('E_SIMULATE_FILE', `${name}: nothing was played${odd}`)
  }
  return { played, oddRows }
}

/** Viewings from what was played, the first day being that of the first of them. */
export function viewingsOfExport(
  played: readonly Played[],
  stream: { readonly demand: number; readonly platforms: readonly string[] },
  transcoded: number,
  random: Random,
): Viewing[] {
  const firstDay = Math.floor((played[0]?.atSeconds ?? 0) / 86_400) * 86_400
  return played
    .filter(({ isTranscoded }) => isTranscoded ?? random.next() < transcoded)
    .map(({ atSeconds, watchSeconds, pausedSeconds }, index) => ({
      ...{ id: `v${index}`, atSeconds: atSeconds - firstDay, watchSeconds, titleSeconds: watchSeconds },
      // When the pause was is not known.
      pauses: pausedSeconds > 0 ? [{ afterSeconds: watchSeconds / 2, seconds: pausedSeconds }] : [],
      ...{ demand: stream.demand, platforms: stream.platforms },
    }))
}

function readTautulli(text: string, name: string): (Played | null)[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new PacelineError(
      'E_SIMULATE_FILE',
      `${name}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
  const checked = tautulliSchema.safeParse(value)
  if (!checked.success) {
    throw new PacelineError('E_SIMULATE_FILE', `${name}: not an answer of Tautulli's get_history`)
  }
  return checked.data.response.data.data.map((row) =>
    sensible({
      atSeconds: row.started ?? 0,
      watchSeconds: row.play_duration ?? row.duration ?? -1,
      pausedSeconds: Math.max(0, row.paused_counter ?? 0),
      isTranscoded: row.transcode_decision ? row.transcode_decision === 'transcode' : null,
    }),
  )
}

function readReporting(text: string, name: string): (Played | null)[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const rows = lines.map((line) => line.split('\t'))
  const stranger = rows.findIndex((fields) => fields.length < reportingColumns)
  if (stranger !== -1) {
    throw new PacelineError('E_SIMULATE_FILE', `${name}, line ${stranger + 1}: not of Playback Reporting`)
  }
  return rows.map((fields) => {
    // Its clock is the server's; a day of simulation is one of it.
    const time = fields[0]!
      .trim()
      .replace(' ', 'T')
      .replace(/\.\d+$/, '')
    const seconds = fields.at(-1)!.trim()
    // Counted from the end: a title may have tabs in it.
    const method = fields.at(-4)!
    return sensible({
      atSeconds: Date.parse(`${time}Z`) / 1000,
      watchSeconds: seconds === '' ? -1 : Number(seconds),
      pausedSeconds: 0,
      isTranscoded: /^transcode/i.test(method) && !/v:direct/i.test(method),
    })
  })
}

function sensible(played: Played): Played | null {
  const { atSeconds, watchSeconds, pausedSeconds } = played
  const isWatch = watchSeconds >= 0 && watchSeconds <= longestSeconds
  return atSeconds > 0 && isWatch && pausedSeconds <= longestSeconds ? played : null
}
