import type { FfmpegFacts } from './capabilities.ts'
import type { ChipSurface } from './chip.ts'
import {
  directions,
  downloaded,
  fieldArguments,
  frameFormats,
  one,
  sizeArguments,
  uploaded,
} from './chip-filters.ts'
import { isOurs } from './paceline-tone-map.ts'
import { jellyfinPeak, peakOf, sourceColours, type ToneMap } from './tone-source.ts'

/** CUDA's frames: FFmpeg's filters, our own tone map, and jellyfin-ffmpeg's where a node has that one. */
export const cudaFilters: ChipSurface = {
  surface: 'cuda',
  filter(operation, depth, { filters, ffmpeg }) {
    switch (operation.kind) {
      case 'scale':
        return one('scale_cuda', sizeArguments(operation), depth)
      case 'deinterlace':
        return one(`${operation.method}_cuda`, fieldArguments(operation), depth)
      case 'turn':
        return one('transpose_cuda', `dir=${directions[operation.how]}`, depth)
      case 'tone-map': {
        // Both kernels read ten bits.
        if (depth !== 10) return null
        const text = filters.includes('tonemap_paceline_cuda')
          ? ours(operation)
          : jellyfins(operation, ffmpeg)
        const name = filters.includes('tonemap_paceline_cuda') ? 'tonemap_paceline_cuda' : 'tonemap_cuda'
        return text === null ? null : { text, needs: [name], depth: 8 }
      }
      default:
        return null
    }
  },
  convert: (depth) => one('scale_cuda', `format=${frameFormats[depth]}`, depth),
  upload: (depth) => uploaded(depth),
  download: downloaded,
}

function ours(operation: ToneMap): string | null {
  if (!isOurs(operation)) return null
  const { curve, desaturation = 0 } = operation
  const peak = `peak=${peakOf(operation)}:desat=${desaturation}`
  return `${sourceColours(operation)},tonemap_paceline_cuda=tonemap=${curve}:${peak}:format=nv12`
}

function jellyfins(operation: ToneMap, ffmpeg: FfmpegFacts): string {
  const { curve, desaturation = 0 } = operation
  const peak = jellyfinPeak(operation, ffmpeg)
  return [
    sourceColours(operation),
    `tonemap_cuda=format=nv12:p=bt709:t=bt709:m=bt709:r=tv:tonemap=${curve}:peak=${peak}:desat=${desaturation}`,
  ].join(',')
}
