import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseCommand } from '../../command/parse-command.ts'
import { optionsOf } from '../../command/read-options.ts'
import { assumedMedia } from '../../plan/assumed-media.ts'
import { inputsOf, isLocal } from '../../plan/inputs.ts'
import { localReasons } from '../../plan/local-reasons.ts'
import { pendingOf } from '../../plan/pending.ts'
import { readSegmentedJob } from '../../plan/segmented.ts'
import { software } from '../../platforms/software.ts'
import { understandJob } from './understand-job.ts'

interface Line {
  readonly id: string
  readonly server: string
  readonly kind: string
  readonly argv: readonly string[]
}

const shared = process.env.PACELINE_SHARED ?? fileURLToPath(new URL('../../../../shared', import.meta.url))
const folder = join(shared, 'corpus')
const present = existsSync(join(folder, 'dev.jsonl'))
const title = present
  ? 'real command lines of Plex'
  : `real command lines of Plex (skipped: there is no ${join('corpus', 'dev.jsonl')} in ../shared or PACELINE_SHARED)`

const placeholders: Readonly<Record<string, string>> = {
  '{MEDIA}': '/films/film.mkv',
  '{SUB}': '/films/film.srt',
  '{PMS}': 'http://127.0.0.1:32400',
  '{CWD}': '/transcode/session',
  '{OUT}': '/library/versions',
  '{FONTS}': '/fonts',
}

function lines(): Line[] {
  if (!present) return []
  const all = readFileSync(join(folder, 'dev.jsonl'), 'utf8').split('\n')
  const plex = all.filter((line) => line !== '').map((line) => JSON.parse(line) as Line)
  return plex.filter(({ server }) => server === 'plex')
}

interface Row {
  readonly id: string
  readonly kind: string
  readonly encodes: boolean
  readonly decision: string
  readonly words: string
}

function rowOf({ id, kind, argv }: Line): Row {
  const args = argv.map((arg) => arg.replace(/\{[A-Z]+\}/g, (name) => placeholders[name] ?? name))
  const command = parseCommand(args)
  const codecs = command.outputs.flatMap((output) =>
    optionsOf(output, 'codec').map(({ value }) => value ?? ''),
  )
  const encodes = codecs.some((codec) => /^(lib[xv]26|h264|hevc|mpeg2|libvpx|av1|libsvt)/.test(codec))
  const common = { id, kind, encodes }
  const inputs = inputsOf(command)
  if (isLocal(inputs)) return { ...common, decision: inputs.code, words: inputs.local }
  const job = readSegmentedJob(command, ...assumedMedia(command))
  if ('local' in job) return { ...common, decision: job.code, words: job.local }
  const understood = understandJob(args, false)
  if ('local' in understood) return { ...common, decision: understood.code, words: understood.local }
  const cuts = { starts: [0, 900_000], decoded: [0, 900_000], frames: [250], endSlot: null }
  const plan = job.plan({ pts: 900_000, timeBase: { num: 1, den: 90_000 } }, cuts)
  const from = plan.timeline.firstSegment
  const compiled = software.compileVideo(plan, { from, to: from + 1, open: false, failures: 0 })
  if ('out' in compiled) return { ...common, decision: 'no platform', words: compiled.out }
  const pending = pendingOf(plan)
  return {
    ...common,
    decision: 'planned',
    words: pending.length === 0 ? '' : `not yet: ${pending.join(', ')}`,
  }
}

describe.skipIf(!present)(title, () => {
  const rows = lines().map(rowOf)
  const encoded = rows.filter(({ encodes }) => encodes)
  const share = (some: readonly Row[]) =>
    some.filter(({ decision }) => decision === 'planned').length / some.length

  it('are each planned, or local for a reason of the closed list', () => {
    process.stdout.write(
      `${rows.map(({ id, kind, decision, words }) => `${id.padEnd(9)} ${kind.padEnd(10)} ${decision.padEnd(16)} ${words}`).join('\n')}\n`,
    )
    process.stdout.write(
      `planned: ${Math.round(share(rows) * 100)} % of ${rows.length}, ${Math.round(share(encoded) * 100)} % of the ${encoded.length} with encoded pictures\n`,
    )
    const known = new Set(['planned', ...Object.keys(localReasons)])
    expect(rows.filter(({ decision }) => !known.has(decision))).toEqual([])
    expect(rows.length).toBeGreaterThan(40)
  })

  it('are planned in at least 85 of 100 where pictures are encoded', () => {
    expect(encoded.length).toBeGreaterThan(20)
    expect(share(encoded)).toBeGreaterThanOrEqual(0.85)
  })

  it('are local by what they are and not for want of understanding, where pictures are not encoded', () => {
    const others = rows.filter(({ encodes, decision }) => !encodes && decision !== 'planned')
    const byKind = [
      'live',
      'images',
      'nothing-kept',
      'sound-only',
      'subtitles-only',
      'remux',
      'copied-picture',
    ]
    expect(others.filter(({ decision }) => !byKind.includes(decision))).toEqual([])
  })
})
