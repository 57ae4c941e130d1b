import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { optionRows } from './options/rows.ts'
import { parseCommand } from './parse-command.ts'
import { printCommand } from './print-command.ts'

const tool = fc.constantFrom('ffmpeg' as const, 'ffprobe' as const)
/** Tokens that the parser cares about, and any text at all. */
const token = fc.oneof(
  fc.constantFrom(
    '-',
    '--',
    '',
    '-i',
    '-y',
    '-c',
    '-codec:',
    '-codec:v:0',
    '-h',
    '-version',
    '-autorotate',
    '-autoscale',
  ),
  fc.constantFrom(
    '-1',
    '0',
    'a b',
    '-noaccurate_seek',
    '-nostats',
    '-unknown',
    '-:',
    '-no',
    '---',
    '-i:0',
    '\n',
    "'",
  ),
  fc.constantFrom(...optionRows('ffmpeg').map(({ name }) => `-${name}`)),
  fc.string().map((text) => `-${text}`),
  fc.string(),
)

const rows = optionRows('ffmpeg').filter(({ arity }) => arity !== 'listing')
const value = fc.oneof(fc.string(), fc.constantFrom('-1', '-i', '', '--', '-y', '-global_header'))
const specifier = fc.constantFrom('', ':0', ':v', ':a:1', ':s:m:language:eng', ':#0x1011')

/** One option as it must be written: its tokens, and what reading them must give. */
const option = fc
  .record({ row: fc.constantFrom(...rows), specifier, value, off: fc.boolean() })
  .map((made) => {
    const { row } = made
    const off = made.off && row.negatable
    const suffix = row.specifier === 'metadata' ? made.specifier.replace(/^:/, ':s:') : made.specifier
    const spelling = `-${off ? 'no' : ''}${row.name}${suffix}`
    const single = off || row.arity === 'flag'
    const given = row.arity === 'switch' ? '0' : made.value
    return { row, off, tokens: single ? [spelling] : [spelling, given], value: single ? null : given }
  })
const options = fc.array(option, { maxLength: 6 })
const path = fc.string({ minLength: 1 }).filter((text) => !text.startsWith('-'))
const file = fc.record({ path, options })

describe('every list of strings', () => {
  it('prints back exactly as it was', () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), tool, (argv, name) => {
        expect(printCommand(parseCommand(argv, name))).toEqual(argv)
      }),
      { numRuns: 1000 },
    )
  })

  it('has each of its options in exactly one place', () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), tool, (argv, name) => {
        const command = parseCommand(argv, name)
        const placed = [
          ...command.globals,
          ...command.trailing,
          ...[...command.inputs, ...command.outputs].flatMap((bound) => bound.options),
        ]
        const all = command.parts.filter((part) => part.kind === 'option')
        expect(placed.map(({ index }) => index).sort((a, b) => a - b)).toEqual(all.map(({ index }) => index))
      }),
    )
  })
})

describe('a well-formed command', () => {
  it('reads as it was made', () => {
    fc.assert(
      fc.property(
        fc.array(file, { maxLength: 3 }),
        fc.array(file, { minLength: 1, maxLength: 3 }),
        (inputs, outputs) => {
          const argv = [
            ...inputs.flatMap((made) => [...made.options.flatMap(({ tokens }) => tokens), '-i', made.path]),
            ...outputs.flatMap((made) => [...made.options.flatMap(({ tokens }) => tokens), made.path]),
          ]
          const command = parseCommand(argv)
          expect(command.unknown).toEqual([])
          expect(command.problems).toEqual([])
          expect(command.inputs.map((input) => input.path)).toEqual(inputs.map((made) => made.path))
          expect(command.outputs.map((output) => output.path)).toEqual(outputs.map((made) => made.path))
          const wanted = [...inputs, ...outputs].map((made) =>
            made.options
              .filter(({ row }) => row.scope !== 'global')
              .map(({ row, off, value: given }) => [row.name, off, given]),
          )
          const found = [...command.inputs, ...command.outputs].map((bound) =>
            bound.options.map((read) => [read.name, read.negated, read.value]),
          )
          expect(found).toEqual(wanted)
        },
      ),
      { numRuns: 500 },
    )
  })
})
