import { box, fullBox, u32, zeros } from './box.ts'

/** Rotates and moves nothing (ISO/IEC 14496-12, 8.2.2). */
export const unityMatrix = u32(0x00010000, 0, 0, 0, 0x00010000, 0, 0, 0, 0x40000000)

type Kind = 'picture' | 'sound'

/** The box `hdlr`. */
export function handler(kind: Kind): Buffer {
  const [type, name] = kind === 'picture' ? ['vide', 'VideoHandler'] : ['soun', 'SoundHandler']
  return fullBox('hdlr', 0, 0, zeros(4), Buffer.from(type), zeros(12), Buffer.from(`${name}\0`))
}

/** The box `vmhd` or `smhd`. */
export function mediaKind(kind: Kind): Buffer {
  return kind === 'picture' ? fullBox('vmhd', 0, 1, zeros(8)) : fullBox('smhd', 0, 0, zeros(4))
}

/** The box `dinf`: all data is in this file. */
export const dataInformation = box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1)))
