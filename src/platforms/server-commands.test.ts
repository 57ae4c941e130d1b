import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { planOf } from '../plan/testing/plan-of.ts'
import { platforms } from './all.ts'
import { argumentFault } from './allowed.ts'
import { compiledCommands, sampleLines } from './testing/asked-words.ts'
import { type AnswersOfBoth, unknownWords } from './testing/option-answers.ts'
import { toldWords } from './testing/told-words.ts'

const file = new URL('testing/option-tables.json', import.meta.url)
const tables = JSON.parse(readFileSync(file, 'utf8')) as AnswersOfBoth
const lines = sampleLines()
const commands = compiledCommands(lines)

/** What each platform would run for a lease in the middle of each of them, or why not. */
const compiled = lines.flatMap(({ name, argv }) => {
  const plan = planOf(argv)
  const from = plan.timeline.firstSegment
  const range = { from: from + 1, to: from + 3, open: false, failures: 0 }
  const suiting = platforms.filter((platform) => platform.suits(plan))
  return suiting.map((platform) => ({
    name,
    platform: platform.name,
    lease: platform.compileVideo(plan, range),
  }))
})

/** Reasons that are right: pictures in AV1 go into no transport stream, and FFmpeg's own tone map lacks a curve. */
const known = /: AV1 does not fit into the transport streams|^software: FFmpeg has no tone map by the curve/

describe(`what ${platforms.length} platforms make of ${lines.length} command lines of servers`, () => {
  it('is something, but for tone maps that only some of them have', () => {
    const outs = compiled.flatMap(({ name, platform, lease }) =>
      'out' in lease ? [`${platform}: ${lease.out} (${name})`] : [],
    )
    const strange = outs.filter((text) => !known.test(text))
    expect(strange).toEqual([])
    expect(compiled.length).toBeGreaterThan(3_000)
  })

  it('is what a node takes', () => {
    const faults = commands.flatMap((args) => argumentFault(args) ?? [])
    expect(faults).toEqual([])
  })

  it('is told to encoders and filters in words that their option tables have', () => {
    const { encoders, filters } = toldWords(commands)
    expect(unknownWords(tables, 'encoders', encoders)).toEqual([])
    expect(unknownWords(tables, 'filters', filters)).toEqual([])
    const families = new Set(Object.keys(encoders).map((name) => name.split('_')[1] ?? 'library'))
    expect([...families].sort()).toEqual([
      ...['amf', 'library', 'nvenc', 'nvmpi', 'qsv', 'rkmpp', 'v4l2m2m', 'vaapi', 'videotoolbox', 'vulkan'],
    ])
  })
})
