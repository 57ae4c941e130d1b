import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parseCommand } from '../command/parse-command.ts'
import { optionsOf } from '../command/read-options.ts'
import { assumedMedia } from './assumed-media.ts'
import { inputsOf, isLocal } from './inputs.ts'
import { localReasons } from './local-reasons.ts'
import { readSegmentedJob } from './segmented.ts'
import { planOf } from './testing/plan-of.ts'
import { softwareTwin } from './testing/software-twin.ts'

interface Line {
  readonly id: string
  readonly server: string
  readonly tool: string
  readonly kind: string
  readonly argv: readonly string[]
}

const shared = process.env.PACELINE_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url))
const file = join(shared, 'corpus', 'dev.jsonl')
const present = existsSync(file)
const title = present
  ? 'real command lines with encoded pictures'
  : `real command lines with encoded pictures (skipped: there is no ${join('corpus', 'dev.jsonl')} in ../shared or PACELINE_SHARED)`

const placeholders: Readonly<Record<string, string>> = {
  ...{ '{MEDIA}': '/films/film.mkv', '{SUB}': '/films/film.srt', '{PMS}': 'http://127.0.0.1:32400' },
  ...{ '{CWD}': '/transcode/session', '{OUT}': '/library/versions', '{FONTS}': '/fonts' },
}

const encoder = /^(lib[xv]26[45]|libvpx|libsvtav1|(h264|hevc|av1)_(?!cuvid|mp4))/

/** Lines that encode pictures of a film: images are another kind, whatever encodes them. */
function lines(): Line[] {
  if (!present) return []
  const all = readFileSync(file, 'utf8').split('\n')
  return all
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
    .map((line) => ({ ...line, argv: line.argv.map(filledIn) }))
    .filter(({ tool, kind }) => tool === 'ffmpeg' && kind !== 'image' && kind !== 'probe')
    .filter(({ argv }) =>
      parseCommand(argv).outputs.some((output) =>
        optionsOf(output, 'codec').some(({ value }) => encoder.test(value ?? '')),
      ),
    )
}

function filledIn(argument: string): string {
  return argument.replace(/\{[A-Z]+\}/g, (name) => placeholders[name] ?? name)
}

/** `planned`, or the code of the reason why not. */
function decisionOf(argv: readonly string[]): string {
  const command = parseCommand(argv)
  const inputs = inputsOf(command)
  if (isLocal(inputs)) return inputs.code
  const job = readSegmentedJob(command, ...assumedMedia(command))
  return 'local' in job ? job.code : 'planned'
}

const isOnChip = (argv: readonly string[]): boolean =>
  argv.some((arg) =>
    /_(nvenc|qsv|vaapi|amf|rkmpp|videotoolbox|v4l2m2m|cuvid|cuda|opencl|vulkan|rkrga)\b/.test(arg),
  )

describe.skipIf(!present)(title, () => {
  const corpus = lines()
  const decided = corpus.map((line) => ({ ...line, decision: decisionOf(line.argv) }))
  const planned = decided.filter(({ decision }) => decision === 'planned')

  it.each([
    ['plex', 20],
    ['jellyfin', 50],
  ])('of %s are planned in at least 85 of 100', (server, least) => {
    const own = decided.filter((line) => line.server === server)
    const left = own.filter(({ decision }) => decision !== 'planned')
    const share = 1 - left.length / own.length
    const reasons = left.map(({ id, decision }) => `${id} ${decision}`).join(', ')
    process.stdout.write(
      `${server}: ${(100 * share).toFixed(1)} % of ${own.length} lines with encoded pictures are planned; not: ${reasons}\n`,
    )
    expect(own.length).toBeGreaterThanOrEqual(least)
    expect(share).toBeGreaterThanOrEqual(0.85)
  })

  it('are local for what they are, or for one of a few reasons', () => {
    const known = new Set(['live', 'inputs', 'unknown-container', 'several-pictures'])
    const strange = decided.filter(({ decision }) => decision !== 'planned' && !known.has(decision))
    expect(strange.map(({ id, decision }) => `${id} ${decision}`)).toEqual([
      'emby-006 unknown-option',
      'jellyfin-083 unknown-option',
    ])
    expect([...known].every((code) => Object.hasOwn(localReasons, code))).toBe(true)
  })

  it('have for chips the very plan of what would be written for software', () => {
    const onChips = planned.filter(({ argv }) => isOnChip(argv))
    const compared = onChips.map(({ id, argv }) => ({
      id,
      own: planOf(argv),
      twin: planOf(softwareTwin(argv)),
    }))
    const differing = compared.filter(({ own, twin }) => !isDeepStrictEqual(own, twin))
    process.stdout.write(
      `${onChips.length} lines for chips, ${onChips.length - differing.length} as their twins\n`,
    )
    for (const { id, own, twin } of differing) expect({ id, plan: own }).toEqual({ id, plan: twin })
    expect(onChips.length).toBeGreaterThan(40)
  })
})
