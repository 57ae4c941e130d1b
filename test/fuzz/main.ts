/**
 * Inputs of strangers, for as long as is asked for: the command lines of media servers, the shim's protocol, the data
 * plane and what nodes say over NATS. No input may crash the head, hold it up or leave anything behind.
 *
 *   npm run fuzz -- --seconds N [--only parser|frames|data|nats] [--seed N] [--input N]
 *
 * --seconds is for each of them. What is found is told with its seed and number; `--seed` and `--input` do it again.
 */
import { parseArgs } from 'node:util'
import { dataTarget } from './data-target.ts'
import { framesTarget } from './frames-target.ts'
import { FuzzFinding, fuzz } from './fuzz.ts'
import { natsTarget } from './nats-target.ts'
import { parserTarget } from './parser-target.ts'

const targets = [parserTarget, framesTarget, dataTarget, natsTarget]

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    only: { type: 'string' },
    seed: { type: 'string' },
    input: { type: 'string' },
  },
})
const seed = flags.seed === undefined ? Date.now() % 1_000_000 : Number(flags.seed)
const chosen = targets.filter(({ name }) => flags.only === undefined || flags.only === name)
if (chosen.length === 0) {
  console.error(`there is no ${flags.only}: ${targets.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}
for (const target of chosen) {
  try {
    const input = flags.input === undefined ? {} : { input: Number(flags.input) }
    const { inputs, seconds, slowestMs, grownBytes } = await fuzz({
      target,
      seed,
      seconds: Number(flags.seconds),
      ...input,
    })
    const figures = [`${inputs} inputs in ${seconds.toFixed(0)} s`, `slowest ${slowestMs.toFixed(0)} ms`]
    console.log(
      `${target.name}, seed ${seed}: ${figures.join(', ')}, ${(grownBytes / 1e6).toFixed(1)} MB more in use`,
    )
  } catch (error) {
    if (!(error instanceof FuzzFinding)) throw error
    console.error(error.message)
    console.error(error.cause)
    console.error(String(describe(error.input)).slice(0, 20_000))
    process.exitCode = 1
  }
}
process.exit()

function describe(input: unknown): unknown {
  if (Buffer.isBuffer(input)) return input.toString('base64')
  return JSON.stringify(input, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}
