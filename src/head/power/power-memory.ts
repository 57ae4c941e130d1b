import { join } from 'node:path'
import { z } from 'zod'
import { readFileIfThere, writePrivateFile } from '../../cluster/private-file.ts'
import { lastingPart, noMemory, type PowerMemory, readPowerMemory } from './kept-power.ts'

export interface PowerMemoryFile {
  /** As the last head left it. */
  readonly past: PowerMemory
  /**
   * Something may have changed. What is current then is written down a moment later where the next head could not find it
   * out by itself (see {@link lastingPart}), within a minute where it is only what was learnt of viewers and of speed, and
   * not at all where it is what the file says already: memory cards wear out by writing.
   */
  touch(current: () => Omit<PowerMemory, 'version'>): void
  /** Writes down what has not been yet. */
  close(): Promise<void>
}

export interface PowerMemoryOptions {
  readonly dataFolder: string
  readonly onTrouble: (message: string) => void
  readonly behindMs?: number
  readonly farBehindMs?: number
}

const usualBehindMs = 500
const usualFarBehindMs = 60_000

/**
 * Opens `power.json` in the data folder. A file that cannot be read costs what was learnt and no more, and one of which a
 * part is broken that part: it is told of, and begun anew, since a node that is there is heard, and one that is not counts
 * as off.
 */
export async function openPowerMemory(options: PowerMemoryOptions): Promise<PowerMemoryFile> {
  const { dataFolder, onTrouble, behindMs = usualBehindMs, farBehindMs = usualFarBehindMs } = options
  const path = join(dataFolder, 'power.json')
  let soon: NodeJS.Timeout | undefined
  let later: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  let current: (() => Omit<PowerMemory, 'version'>) | undefined
  const written = { text: '', lasting: '', atMs: Number.NEGATIVE_INFINITY }

  const write = (text: string, lasting: string): void => {
    clearTimeout(later)
    later = undefined
    Object.assign(written, { text, lasting, atMs: performance.now() })
    writing = writing
      .then(() => writePrivateFile(path, text))
      .catch((error: unknown) => {
        Object.assign(written, { text: '', lasting: '' })
        onTrouble(`${path} could not be written: ${String(error)}`)
      })
  }
  const look = (mayWait: boolean): void => {
    clearTimeout(soon)
    soon = undefined
    if (!current) return
    const memory: PowerMemory = { version: 1, ...current() }
    const text = `${JSON.stringify(memory)}\n`
    if (text === written.text) return
    const lasting = lastingPart(memory)
    const restMs = written.atMs + farBehindMs - performance.now()
    if (!mayWait || lasting !== written.lasting || restMs <= 0) write(text, lasting)
    else later ??= setTimeout(look, restMs, false).unref()
  }
  return {
    past: await readPast(path, onTrouble),
    touch(latest) {
      current = latest
      soon ??= setTimeout(look, behindMs, true).unref()
    },
    async close() {
      look(false)
      clearTimeout(later)
      await writing
    },
  }
}

async function readPast(path: string, onTrouble: (message: string) => void): Promise<PowerMemory> {
  try {
    const text = await readFileIfThere(path)
    if (text === undefined) return noMemory
    const { memory, dropped } = readPowerMemory(text)
    if (dropped.length > 0) onTrouble(`${path} is broken in part, and what is lost is: ${listed(dropped)}`)
    return memory
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    onTrouble(`${path} cannot be read, and is begun anew: ${why}`)
    return noMemory
  }
}

const mostListed = 8

function listed(parts: readonly string[]): string {
  const rest = parts.length - mostListed
  return [...parts.slice(0, mostListed), ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ')
}
