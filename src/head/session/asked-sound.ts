import { type AacFormat, lowComplexity } from '../../container/mp4/adts.ts'
import type { AudioPart } from '../../plan/plan.ts'

/** Channels that the server asked for. Names of layouts that end as `5.1` does say it themselves. */
export function askedChannels({ encoder, operations }: AudioPart): number {
  if (encoder.channels !== undefined) return Number(encoder.channels)
  const layouts = operations.flatMap((operation) => (operation.kind === 'resample' ? [operation.layout] : []))
  const layout = layouts.findLast((name) => name !== undefined) ?? 'stereo'
  const digits = /^(\d)\.(\d)/.exec(layout)
  if (digits) return Number(digits[1]) + Number(digits[2])
  return layout === 'mono' ? 1 : 2
}

/** The AAC that the server asked for: what is known before the first frame has come. */
export function askedSound(audio: AudioPart): AacFormat {
  return lowComplexity(audio.encoder.rate, askedChannels(audio))
}
