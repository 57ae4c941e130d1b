import { wordTable } from '../command/word-table.ts'
import { NotPlannable } from './refusal.ts'

/**
 * Bits per second and channel of Fraunhofer's modes of a variable rate: the upper ends of the ranges that the encoder's
 * documentation gives for 48 kHz (20-32, 32-40, 48-56, 64-72, 96-112 kbit/s).
 */
const fraunhofer = wordTable<number>({ '1': 32_000, '2': 40_000, '3': 56_000, '4': 72_000, '5': 112_000 })

/** LAME's, by its own documentation of -V for stereo (245, 225, 190, 175, 165, 130, 115, 100, 85, 65 kbit/s). */
const lame = [245, 225, 190, 175, 165, 130, 115, 100, 85, 65].map((kilobits) => kilobits * 500)

/** The option that turns a variable rate on, by FFmpeg's name of the encoder. */
const modes = wordTable<{ readonly option: string; readonly rate: (mode: string) => number | undefined }>({
  libfdk_aac: { option: 'vbr', rate: (mode) => fraunhofer[mode] },
  libmp3lame: { option: 'q', rate: (mode) => lame[Number(mode)] },
})

/**
 * The rate that an encoder of sound comes to in the mode that it is told; null where it is told none. Other encoders
 * have other modes, and a rate they all have. Throws NotPlannable for a mode that is not known.
 */
export function bitrateOfMode(
  encoder: string,
  value: (name: string) => string | null,
  channels: number,
): string | null {
  const known = modes[encoder]
  const mode = value(known?.option ?? 'q') ?? value('vbr')
  if (mode === null || (mode === '0' && encoder === 'libfdk_aac')) return null
  const rate = known?.rate(mode)
  if (rate === undefined) throw new NotPlannable('unknown-option', `the mode ${mode} of ${encoder}`)
  return String(rate * channels)
}
