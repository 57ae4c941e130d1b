import { copyFile, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { output } from '../programs.ts'

/** A program that notes when it was started and then is ffmpeg. */
export interface EncoderStamp {
  readonly program: string
  /** Forgets the starts so far. */
  clear(): Promise<void>
  /** Milliseconds, on performance.now()'s clock, of the first start since then of an encoder of pictures. */
  firstStart(): Promise<number>
}

const patienceMs = 20_000

/** Compiles it into a folder, or copies the one that PACELINE_BENCH_STAMP names; its stamps lie there too. */
export async function buildEncoderStamp(folder: string): Promise<EncoderStamp> {
  const program = join(folder, 'encoder-stamp')
  const stamps = `${program}.stamps`
  const compiled = process.env.PACELINE_BENCH_STAMP
  if (compiled !== undefined) await copyFile(compiled, program)
  else await output(['cc', '-O2', '-static', '-o', program, 'bench/latency/encoder-stamp.c'])
  await writeFile(stamps, '')
  return {
    program,
    clear: () => truncate(stamps),
    async firstStart() {
      const giveUpAt = performance.now() + patienceMs
      while (performance.now() < giveUpAt) {
        const line = (await readFile(stamps, 'utf8')).split('\n').find((each) => each.endsWith(' libx264'))
        if (line !== undefined) return onOwnClock(BigInt(line.split(' ')[0]!))
        await sleep(20)
      }
      throw new Error(`no encoder was started within ${patienceMs} ms`)
    },
  }
}

/** hrtime is CLOCK_MONOTONIC; performance.now() is the same clock with this process's start for zero. */
function onOwnClock(nanoseconds: bigint): number {
  return performance.now() - Number(process.hrtime.bigint() - nanoseconds) / 1e6
}
