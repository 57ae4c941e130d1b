import { planOf } from '../../plan/testing/plan-of.ts'
import { jellyfinLines, plexLines, type ServerLine, sampleOf } from '../../plan/testing/server-jobs.ts'
import { platforms } from '../all.ts'
import { type EmittedWords, emittedWords, type Told } from './emitted-words.ts'
import { toldWords } from './told-words.ts'

/** The commands of all platforms for leases in the middle of what servers ask for. */
export function compiledCommands(lines: readonly ServerLine[]): string[][] {
  return lines.flatMap(({ argv }) => {
    const plan = planOf(argv)
    const from = plan.timeline.firstSegment + 1
    const range = { from, to: from + 2, open: false, failures: 0 }
    const hasSound = plan.audio !== null && plan.audio.encoder.codec !== 'copy'
    const leases = platforms
      .filter((platform) => platform.suits(plan))
      .flatMap((platform) => [
        platform.compileVideo(plan, range),
        ...(hasSound ? [platform.compileAudio(plan, range)] : []),
      ])
    return leases.flatMap((lease) => ('args' in lease ? [[...lease.args]] : []))
  })
}

/** A sample of what servers write in which every kind of line is. */
export const sampleLines = (): ServerLine[] => [
  ...sampleOf(jellyfinLines(), 23, 1),
  ...sampleOf(plexLines(), 17, 1),
]

/** What another FFmpeg is asked for: all that tables of chips can say, and all that platforms make of servers' lines. */
export function askedWords(): EmittedWords {
  const emitted = emittedWords()
  const { encoders, filters } = toldWords(compiledCommands(sampleLines()))
  return {
    ...emitted,
    encoders: merged(emitted.encoders, encoders),
    filters: merged(emitted.filters, filters),
  }
}

function merged(left: Told, right: Told): Told {
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort()
  return Object.fromEntries(
    names.map((name) => {
      const [one = {}, other = {}] = [left[name], right[name]]
      const options = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort()
      return [
        name,
        Object.fromEntries(
          options.map((option) => [option, telling([...(one[option] ?? []), ...(other[option] ?? [])])]),
        ),
      ]
    }),
  )
}

/** Words, and of numbers the least and the largest: what lies between is taken where these are. */
function telling(values: readonly string[]): string[] {
  const isNumber = (value: string) => /^-?\d+(\.\d+)?$/.test(value)
  const numbers = values.filter(isNumber).sort((left, right) => Number(left) - Number(right))
  const words = values.filter((value) => !isNumber(value))
  return [...new Set([...words.sort(), ...numbers.slice(0, 1), ...numbers.slice(-1)])]
}
