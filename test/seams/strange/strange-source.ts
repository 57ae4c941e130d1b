import type { Recipe } from './source-kit.ts'

/** A strange source, and what Paceline is to do with it: what one uncut lease gives, unless said. */
export interface StrangeSource extends Recipe {
  readonly name: string
  /** Rate that a server asks for in segments; 25 unless said. */
  readonly rate?: string
  /** Why it is made in one piece; what follows the code is not compared. */
  readonly inOnePiece?: string
  /** Words of the error: it is not made at all. */
  readonly refused?: string
  /**
   * `rounded`: its times are, so that sound after a seam may lie half a millisecond beside. `any`: it is damaged, and
   * what can be heard of it hangs on where decoding began.
   */
  readonly sound?: 'same' | 'rounded' | 'any'
}
