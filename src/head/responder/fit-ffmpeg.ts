import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** What an ffmpeg can do for a first responder. */
export interface FfmpegFitness {
  /** It has the encoders that leases are compiled for. */
  readonly works: boolean
  /** It has our filter for tone maps. */
  readonly mapsTones: boolean
}

const unfit: FfmpegFitness = { works: false, mapsTones: false }

/** A program that takes longer to say what it can is of no use to somebody who waits. */
const patienceMs = 5_000

const run = promisify(execFile)

/** Asks an ffmpeg what it has; one that is not there or does not answer is not fit. The agent proves it later by doing. */
export async function fitnessOf(ffmpeg: string): Promise<FfmpegFitness> {
  try {
    const [encoders, filters] = await Promise.all(['-encoders', '-filters'].map((what) => list(ffmpeg, what)))
    const works = ['libx264', 'aac'].every((name) => names(encoders, name))
    return { works, mapsTones: works && names(filters, 'tonemap_paceline') }
  } catch {
    return unfit
  }
}

async function list(ffmpeg: string, what: string): Promise<string> {
  const { stdout } = await run(ffmpeg, ['-hide_banner', what], { timeout: patienceMs, maxBuffer: 1_048_576 })
  return stdout
}

/** In both lists the name is the second word of its line. */
function names(text: string | undefined, name: string): boolean {
  return new RegExp(`^ *\\S+ ${name} `, 'm').test(text ?? '')
}
