import { isDone } from './lease.ts'
import type { SessionState } from './state.ts'

/**
 * Two minutes of sound were measured at 2.2 s of a processor that needs 59 s for their pictures in 720p, less what the
 * agent does for either.
 */
const soundAgainstPictures = 25

/**
 * The part of its time that a node of a whole-file job has for pictures: the one that makes the sound of the whole
 * file spends as long on it as on a twenty-fifth of the pictures, and is given so much less.
 */
export function timeForPictures(state: SessionState, node: string): number {
  return makesSound(state, node) ? Math.max(0.1, 1 - state.nodes.length / (soundAgainstPictures + 1)) : 1
}

/**
 * Whether a node of one processor is to make the sound of a whole-file job before any picture. Beside pictures it gets
 * half the processor: where so many nodes make pictures that it would take two thirds of their time, a node somewhat
 * slower than thought would hold up everything. Its share of the pictures is kept for it. With fewer nodes both
 * together use the processor better: sound that comes slowly, over a thin network say, leaves it free.
 */
export function isSoundFirst(
  state: SessionState,
  node: string,
  speeds: ReadonlyMap<string, number>,
): boolean {
  if (state.spec.mode !== 'file' || !makesSound(state, node)) return false
  const { cores = 1 } = state.nodes.find((each) => each.id === node) ?? {}
  const together = [...speeds.values()].reduce((sum, speed) => sum + speed, 0)
  return cores <= 1 && together > (speeds.get(node) ?? 0) * (soundAgainstPictures / 3)
}

function makesSound(state: SessionState, node: string): boolean {
  return state.parts.some(
    (part) =>
      part.sticky &&
      [...part.leases.values()].some((lease) => lease.node === node && !isDone(lease, part.coverage)),
  )
}
