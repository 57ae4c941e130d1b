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

const number = z.coerce.number()

/** Tautulli's `get_history`: times are Unix seconds, `play_duration` or `duration` seconds without pauses. */
const tautulliSchema = z.looseObject({
  response: z.looseObject({
    data: z.looseObject({
      data: z.array(
        z.looseObject({
          started: number,
          duration: number.optional(),
          play_duration: number.optional(),
          paused_counter: number.nullish(),
          transcode_decision: z.string().nullish(),
        }),
      ),
    }),
  }),
})

/** Columns of the Playback Reporting plugin's backup: a line each, tabs between. */
const reportingColumns = 9

/**
 * Reads an export: Tautulli's `get_history` answer (JSON), or the backup of Jellyfin's and Emby's Playback Reporting
 * plugin (lines with tabs: time, user, item, type, name, method, client, device, seconds).
 *
 * @throws PacelineError E_SIMULATE_FILE for anything else, or without a single viewing
 */
export function readExport(text: string, name: string): Played[] {
  const played = text.trimStart().startsWith('{') ? readTautulli(text, name) : readReporting(text, name)
  const useful = played
    .filter(({ watchSeconds }) => watchSeconds > 0)
    .sort((a, b) => a.atSeconds - b.atSeconds)
  if (useful.length === 0) throw new PacelineError('E_SIMULATE_FILE', `${name}: nothing was played`)
  return useful
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

function readTautulli(text: string, name: string): Played[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new PacelineError('E_SIMULATE_FILE', `${name}: ${String(error)}`, { cause: error })
  }
  const checked = tautulliSchema.safeParse(value)
  if (!checked.success) {
    throw new PacelineError('E_SIMULATE_FILE', `${name}: not an answer of Tautulli's get_history`)
  }
  return checked.data.response.data.data.map((row) => ({
    atSeconds: row.started,
    watchSeconds: row.play_duration ?? row.duration ?? 0,
    pausedSeconds: row.paused_counter ?? 0,
    isTranscoded: row.transcode_decision ? row.transcode_decision === 'transcode' : null,
  }))
}

function readReporting(text: string, name: string): Played[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  return lines.map((line, index) => {
    const fields = line.split('\t')
    // Its clock is the server's; a day of simulation is one of it.
    const atSeconds =
      Date.parse(
        `${fields[0]
          ?.trim()
          .replace(' ', 'T')
          .replace(/\.\d+$/, '')}Z`,
      ) / 1000
    const watchSeconds = Number(fields.at(-1))
    const isRow = fields.length >= reportingColumns && atSeconds > 0 && watchSeconds >= 0
    if (!isRow)
      throw new PacelineError('E_SIMULATE_FILE', `${name}, line ${index + 1}: not of Playback Reporting`)
    return { atSeconds, watchSeconds, pausedSeconds: 0, isTranscoded: /^transcode/i.test(fields[5] ?? '') }
  })
}
