import type { PictureOperation } from '../plan/plan.ts'

/** How what comes between decoder and encoder is done on the processor. */
export interface ProcessorFilters {
  /** Why it cannot do an operation; null when it can. */
  gap(operation: PictureOperation): string | null
  filter(operation: PictureOperation): string
}
