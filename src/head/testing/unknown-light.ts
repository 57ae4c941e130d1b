import type { FilmLight } from '../film-light.ts'

/** Knows of no film how bright it gets, and looks at none. */
export const unknownLight: FilmLight = { of: () => ({ nits: [null], take() {} }) }
