import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseCommand } from '../command/parse-command.ts'
import { assumedMedia } from '../plan/assumed-media.ts'
import { inputsOf, isLocal } from '../plan/inputs.ts'
import { readSegmentedJob } from '../plan/segmented.ts'
import { planOf } from '../plan/testing/plan-of.ts'
import { platforms } from './all.ts'
import { argumentFault } from './allowed.ts'

interface Line {
  readonly id: string
  readonly tool: string
  readonly argv: readonly string[]
}

const shared = process.env.PACELINE_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url))
const file = join(shared, 'corpus', 'dev.jsonl')
const present = existsSync(file)
const title = present
  ? 'real command lines on every platform'
  : `real command lines on every platform (skipped: there is no ${join('corpus', 'dev.jsonl')} in ../shared or PACELINE_SHARED)`

function lines(): Line[] {
  if (!present) return []
  const all = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  const read = all.map((line) => JSON.parse(line) as Line).filter(({ tool }) => tool === 'ffmpeg')
  return read.map((line) => ({
    ...line,
    argv: line.argv.map((arg) => arg.replace(/\{[A-Z]+\}/g, '/films/film.mkv')),
  }))
}

/** Whether there is a plan, of pictures that are encoded. */
function isPlanned({ argv }: Line): boolean {
  const command = parseCommand(argv)
  if (isLocal(inputsOf(command))) return false
  const job = readSegmentedJob(command, ...assumedMedia(command))
  return !('local' in job) && job.cutting === null
}

describe.skipIf(!present)(title, () => {
  const planned = lines().filter(isPlanned)

  it('become arguments that a node takes, or a platform says why not', () => {
    const faults = planned.flatMap(({ id, argv }) => {
      const plan = planOf(argv)
      const from = plan.timeline.firstSegment
      const range = { from, to: from + 2, open: false, failures: 0 }
      return platforms.flatMap((platform) => {
        const leases = [
          platform.compileVideo(plan, range),
          ...(plan.audio ? [platform.compileAudio(plan, range)] : []),
        ]
        const found = leases.map((lease) => ('args' in lease ? argumentFault(lease.args) : undefined))
        return found.flatMap((fault) => (fault === undefined ? [] : [`${id} on ${platform.name}: ${fault}`]))
      })
    })
    expect(faults).toEqual([])
    expect(planned.length).toBeGreaterThan(60)
  })
})
