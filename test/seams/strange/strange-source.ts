import type { Recipe } from './source-kit.ts'

/** A strange source, and what Paceline is to do with it. */
export interface StrangeSource extends Recipe {
  readonly name: string
  /** Rate that a server asks for in segments; 25 unless said. */
  readonly rate?: string
}
