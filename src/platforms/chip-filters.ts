import type { PictureOperation } from '../plan/plan.ts'
import type { ChipFilter, Depth } from './chip.ts'

/** Pieces of filters that chips have in common, whatever a chip calls them. */

type Scale = Extract<PictureOperation, { kind: 'scale' }>

/** Format of frames of a chip by depth, as all of them but Rockchip's lie. */
export const frameFormats: Readonly<Record<Depth, string>> = { 8: 'nv12', 10: 'p010' }
/** The same in memory. */
export const memoryFormats: Readonly<Record<Depth, string>> = { 8: 'nv12', 10: 'p010le' }

/** One filter that a node has to have proved. */
export function one(name: string, args: string, depth: Depth): ChipFilter {
  return { text: args === '' ? name : `${name}=${args}`, needs: [name], depth }
}

/** `w`, `h` and what they have to divide by, as all scalers of FFmpeg name them. */
export function sizeArguments({ width, height, divisibleBy }: Scale): string {
  return `w=${width}:h=${height}${divisibleBy === undefined ? '' : `:force_divisible_by=${divisibleBy}`}`
}

/** From memory as the frames lie on the chip. */
export const uploaded = (depth: Depth, how = 'hwupload'): string =>
  `format=pix_fmts=${memoryFormats[depth]},${how}`

/** To memory as the frames lie on the chip. */
export const downloaded = (depth: Depth): string => `hwdownload,format=pix_fmts=${memoryFormats[depth]}`

/** Directions of turns as filters of the kind of `transpose` name them. */
export const directions = {
  ...{ clock: 'clock', cclock: 'cclock', half: 'reversal', hflip: 'hflip', vflip: 'vflip' },
} as const

/** What a deinterlacer of the family of yadif is told. */
export function fieldArguments(operation: Extract<PictureOperation, { kind: 'deinterlace' }>): string {
  const { fieldRate, parity, markedOnly } = operation
  const mode = fieldRate ? 'send_field' : 'send_frame'
  return `mode=${mode}:parity=${parity}:deint=${markedOnly ? 'interlaced' : 'all'}`
}
