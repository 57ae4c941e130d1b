import { inputBounds } from '../media/input-bounds.ts'
import { argumentFault } from '../platforms/allowed.ts'

/** What an agent lets its ffmpeg do, whatever an order says. */
export interface Confinement {
  /** Why these arguments are refused; undefined when they are not. */
  faultOf(args: readonly string[]): string | undefined
  /** Options to put before an input that is at this address: a URL of the agent's, or a path here. */
  inputOptions(address: string): readonly string[]
}

/** What a node does for its head. */
export const confined: Confinement = {
  faultOf: argumentFault,
  inputOptions: inputBounds,
}
