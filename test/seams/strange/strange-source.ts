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
   * `any`: it is damaged, and what can be heard of it hangs on where decoding began; or its container rounds times that
   * no codec makes exact again, so that sound lies elsewhere by a part of a millisecond after a seam.
   */
  readonly sound?: 'same' | 'any'
}
