import { isDone } from './lease.ts'
import type { SessionState } from './state.ts'

/** Sound was measured at 37 times real time where pictures of 720p ran at 1.8 on the same core. */
const soundAgainstPictures = 20

/**
 * The part of its time that a node of a whole-file job has for pictures: the one that makes the sound of the whole
 * file spends as long on it as on a twentieth of the pictures, and is given so much less.
 */
export function timeForPictures(state: SessionState, node: string): number {
  return makesSound(state, node) ? Math.max(0.1, 1 - state.nodes.length / (soundAgainstPictures + 1)) : 1
}

/**
 * Whether a node of one processor is to make the sound of a whole-file job before any picture. Beside pictures it gets
 * half the processor: where many nodes make pictures, everything would be there before the sound is. Its share of the
 * pictures is kept for it. Fewer nodes do not wait for it, and then both together use the processor better: sound that
 * comes slowly, over a thin network say, leaves it free.
 */
export function isSoundFirst(
  state: SessionState,
  node: string,
  speeds: ReadonlyMap<string, number>,
): boolean {
  if (state.spec.mode !== 'file' || !makesSound(state, node)) return false
  const { cores = 1 } = state.nodes.find((each) => each.id === node) ?? {}
  const together = [...speeds.values()].reduce((sum, speed) => sum + speed, 0)
  return cores <= 1 && together > (speeds.get(node) ?? 0) * (soundAgainstPictures / 2)
}

function makesSound(state: SessionState, node: string): boolean {
  return state.parts.some(
    (part) =>
      part.sticky &&
      [...part.leases.values()].some((lease) => lease.node === node && !isDone(lease, part.coverage)),
  )
}
