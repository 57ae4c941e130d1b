import type { MachineProof } from '../../platforms/proof-result.ts'
import { encoderCommand } from '../encoder-command.ts'
import { versionLine } from './ask-ffmpeg.ts'
import { fingerprintOf, machineFacts } from './machine-facts.ts'
import { noProofs, openProofStore, usualProofFolder } from './proof-store.ts'
import { proveMachine } from './prove-machine.ts'

/**
 * What nodes of this machine have proved with this ffmpeg, as it is now; with `isAnew` it is proved once more and kept.
 * Null where nothing is kept, and nothing is kept where the folder is {@link noProofs}. Throws E_FFMPEG_MISSING, and what running ffmpeg throws.
 */
export async function lookUpProof(
  ffmpeg: string,
  isAnew: boolean,
  folder: string = usualProofFolder(),
): Promise<MachineProof | null> {
  const command = await encoderCommand(ffmpeg)
  const program = command.at(-1)!
  const machine = await machineFacts(program, await versionLine(program))
  const store = folder === noProofs ? null : openProofStore(folder)
  if (!isAnew) return store?.read(fingerprintOf(machine)) ?? null
  const proof = await proveMachine({ command, machine, signal: new AbortController().signal })
  await store?.write(proof)
  return proof
}
