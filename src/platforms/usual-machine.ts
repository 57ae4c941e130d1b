import type { Capabilities, FfmpegFacts } from './capabilities.ts'
import type { ChipDecoder, ChipEncoder } from './chip.ts'

/** A machine whose decoders and encoders all work as the tables have them. */
export function usualMachine(
  decoders: readonly ChipDecoder[],
  encoders: readonly ChipEncoder[],
  more: { readonly ffmpeg: FfmpegFacts; readonly filters: readonly string[] },
): Capabilities {
  return {
    fingerprint: 'usual',
    ...more,
    decoders: decoders.flatMap(({ name, codecs }) =>
      Object.entries(codecs).flatMap(([codec, depths]) => depths.map((bits) => ({ name, codec, bits }))),
    ),
    encoders: encoders.flatMap(({ codecs }) =>
      Object.values(codecs).flatMap(({ name, depths }) => depths.map((bits) => ({ name, bits }))),
    ),
  }
}
