import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parseCommand } from '../command/parse-command.ts'
import { assumedMedia } from './assumed-media.ts'
import { inputsOf, isLocal } from './inputs.ts'
import type { Plan, VideoEncoder } from './plan.ts'
import { readSegmentedJob } from './segmented.ts'
import { planOf } from './testing/plan-of.ts'
import { jellyfinLines, plexLines, type ServerLine, sampleOf } from './testing/server-jobs.ts'

/** `planned`, or the reason why not. */
function decisionOf(argv: readonly string[]): string {
  const command = parseCommand(argv)
  const inputs = inputsOf(command)
  if (isLocal(inputs)) return inputs.local
  const job = readSegmentedJob(command, ...assumedMedia(command))
  return 'local' in job ? job.local : 'planned'
}

/** What of the wishes for an encoder both lines say: servers tell some chips less than others. */
function common(own: Plan, twin: Plan): [object, object] {
  const [left, right] = [own, twin].map(({ video }) => wishesOf(video.encoder as VideoEncoder))
  const shared = Object.keys(left!).filter((name) => Object.hasOwn(right!, name))
  const pick = (wishes: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(shared.map((name) => [name, wishes[name]]))
  return [pick(left!), pick(right!)]
}

/** Without the quality that Plex asks some of its encoders for, and others not, and without a library's own tuning. */
function wishesOf({ tuning: _, crf: __, ...wishes }: VideoEncoder): Readonly<Record<string, unknown>> {
  return wishes
}

/**
 * A plan without what servers say in one of the two lines only: which colours a picture has already, the quick way to
 * scale for Rockchip, and Plex's curve, which is another one on NVIDIA's cards.
 */
function essence({ video, ...plan }: Plan): object {
  const { encoder: _, ...rest } = video
  const operations = video.operations
    .filter(({ kind }) => kind !== 'color-tags')
    .map((operation) => {
      if (operation.kind === 'tone-map')
        return { ...operation, curve: 'any', transfer: 'any', peakNits: 0, gradedNits: 0 }
      if (operation.kind !== 'scale') return operation
      const { flags: __, ...plain } = operation
      return plain
    })
  return { ...plan, video: { ...rest, operations } }
}

/** Films that lie on their side are turned by FFmpeg itself for software: what nobody has looked into tells nothing of it. */
const isComparable = ({ name }: ServerLine): boolean => !/ (-90|90|180) /.test(`${name} `)

describe.each<[string, readonly ServerLine[]]>([
  ['Jellyfin', sampleOf(jellyfinLines(), 11)],
  ['Plex', sampleOf(plexLines(), 5)],
])('command lines as %s writes them, in some hundred ways', (_server, lines) => {
  it('are planned, all of them', () => {
    const local = lines.filter(({ argv }) => decisionOf(argv) !== 'planned')
    expect(local.map(({ name, argv }) => `${name}: ${decisionOf(argv)}`)).toEqual([])
    expect(lines.length).toBeGreaterThan(350)
  })

  it('have the plan of what would be written for software', () => {
    const compared = lines.filter(isComparable)
    const differing = compared.filter(({ argv, twin }) => {
      const plans = [planOf(argv), planOf(twin)] as const
      const [own, other] = common(...plans)
      return !isDeepStrictEqual(essence(plans[0]), essence(plans[1])) || !isDeepStrictEqual(own, other)
    })
    for (const { name, argv, twin } of differing) {
      const plans = [planOf(argv), planOf(twin)] as const
      const [own, other] = common(...plans)
      expect({ name, ...essence(plans[0]), own }).toEqual({ name, ...essence(plans[1]), own: other })
    }
    expect(new Set(compared.map(({ chip }) => chip)).size).toBeGreaterThanOrEqual(14)
  })
})

describe('a test that would see a chip that is read otherwise', () => {
  it('sees another size, and another rate', () => {
    const line = jellyfinLines().find(({ chip }) => chip === 'nvenc')!
    const plans = [line.argv, line.argv.map((arg) => arg.replace('9240976', '1000'))].map((argv) =>
      planOf(argv),
    )
    const [own, other] = common(plans[0]!, plans[1]!)
    expect(own).not.toEqual(other)
    const smaller = line.argv.map((arg) => arg.replace('scale_cuda=', 'scale_cuda=w=320:h=180:'))
    expect(essence(planOf(smaller))).not.toEqual(essence(planOf(line.argv)))
  })
})
