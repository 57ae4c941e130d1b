import { encoderCommand } from '../../../src/node/encoder-command.ts'
import { askFfmpeg, type FfmpegAnswers, versionLine } from '../../../src/node/proof/ask-ffmpeg.ts'
import { type Bench, openBench } from '../../../src/node/proof/bench.ts'
import { proveChip } from '../../../src/node/proof/prove-chip.ts'
import { chips } from '../../../src/platforms/chips.ts'
import type { PlatformProof } from '../../../src/platforms/proof-result.ts'
import type { MadeBoard } from './make-board.ts'

/** What a board's ffmpeg says of itself. */
export async function askBoard({ ffmpeg }: MadeBoard): Promise<FfmpegAnswers> {
  return askFfmpeg(ffmpeg, await versionLine(ffmpeg))
}

/**
 * What an agent on the board would prove of a kind of hardware. Speeds are left out: they would be this machine's, as
 * would the end of an agent's patience.
 */
export async function proveBoard(board: MadeBoard, chip: string): Promise<PlatformProof> {
  const { facts, listing } = await askBoard(board)
  const command = await encoderCommand(board.ffmpeg)
  const signal = new AbortController().signal
  const real = await openBench({ command, facts, signal, totalMs: 600_000 })
  const bench: Bench = { ...real, speeds: async () => null, within: () => bench }
  try {
    const about = { fingerprint: 'a board of a test', ffmpeg: facts }
    const processorSpeed = async () => null
    const tools = {
      bench,
      atOnce: 2,
      listing,
      about,
      renderNodes: [],
      processorFilters: ['tonemap_paceline'],
      processorSpeed,
    }
    return await proveChip(chips.find(({ name }) => name === chip)!, tools)
  } finally {
    await real.close()
  }
}
