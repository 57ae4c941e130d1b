import type { FirstResponder } from './first-responder.ts'

/** A head without one. */
export const noResponder: FirstResponder = {
  ...{ state: () => 'off', takes: async () => false, call: () => undefined, isComing: () => false },
  close: async () => undefined,
}
