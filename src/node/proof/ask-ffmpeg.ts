import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { FfmpegFacts } from '../../platforms/capabilities.ts'
import { factsOf } from '../../platforms/ffmpeg-words.ts'
import { type Listing, listedDevices, listedNames } from '../../platforms/proof-listing.ts'
import { encoderEnvironment } from '../encoder-process.ts'

const run = promisify(execFile)

/** An ffmpeg that does not even print a list in this time is of no use. */
const patienceMs = 20_000
const mostBytes = 16 << 20

/** What an ffmpeg says of itself. */
export interface FfmpegAnswers {
  readonly facts: FfmpegFacts
  readonly listing: Listing
}

/** The first line of `ffmpeg -version`; throws what running it throws. */
export async function versionLine(program: string): Promise<string> {
  return (await ask(program, ['-version'])).split('\n')[0] ?? ''
}

/** Asks for everything that can be listed; throws what running it throws. */
export async function askFfmpeg(program: string, version: string): Promise<FfmpegAnswers> {
  const options = ['-encoders', '-decoders', '-filters', '-hwaccels'].map((option) => [option])
  const [encoders = '', decoders = '', filters = '', devices = '', help = ''] = await Promise.all(
    [...options, ['-h', 'full']].map((args) => ask(program, ['-hide_banner', ...args])),
  )
  return {
    facts: factsOf(version, help),
    listing: {
      encoders: listedNames(encoders),
      decoders: listedNames(decoders),
      filters: listedNames(filters),
      devices: listedDevices(devices),
    },
  }
}

async function ask(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(program, args, {
    ...{ timeout: patienceMs, killSignal: 'SIGKILL', maxBuffer: mostBytes },
    env: encoderEnvironment(process.env),
  })
  return stdout
}
