import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encoderCommand } from '../../../src/node/encoder-command.ts'
import type { boardNames } from './board.js'

export type BoardName = (typeof boardNames)[number]

/** An ffmpeg that answers like a board's. */
export interface MadeBoard {
  readonly ffmpeg: string
  /** What was started for leases, a line each: the decoder and encoder by name, or `processor`. */
  starts(): Promise<readonly string[]>
  /** From now on whoever uses one of these is told so, at once or after some seconds of work. */
  breakDown(
    faults: Readonly<Record<string, { readonly words: string; readonly afterSeconds?: number }>>,
  ): Promise<void>
}

const front = fileURLToPath(new URL('board-ffmpeg.js', import.meta.url))

/** Puts one into a folder. */
export async function makeBoard(name: BoardName, folder: string): Promise<MadeBoard> {
  const state = join(folder, `${name}-state`)
  const ffmpeg = join(folder, `${name}-ffmpeg`)
  const real = (await encoderCommand('ffmpeg')).at(-1)!
  await mkdir(state, { recursive: true })
  const [node, ...words] = [process.execPath, front, name, real, state].map((word) => `'${word}'`)
  await writeFile(ffmpeg, `#!/bin/sh\neval "$(${node} ${words.join(' ')} "$@")"\n`)
  await chmod(ffmpeg, 0o755)
  return {
    ffmpeg,
    starts: async () => {
      const text = await readFile(join(state, 'starts'), 'utf8').catch(() => '')
      return text.split('\n').filter((line) => line !== '')
    },
    breakDown: (faults) => writeFile(join(state, 'faults.json'), JSON.stringify(faults)),
  }
}
