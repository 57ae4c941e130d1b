/** One argument of a filter, its value with all quoting taken off. */
export interface FilterArgument {
  /** Null for an argument that is known by its place. */
  readonly name: string | null
  readonly value: string
}

export interface Filter {
  readonly name: string
  /** What follows `@`: `scale@x`. */
  readonly instance: string | null
  /** The labels before it, without brackets: `0:0`, `0:#0x1011`, `in`. */
  readonly inputs: readonly string[]
  readonly args: readonly FilterArgument[]
  readonly outputs: readonly string[]
  /** The exact text that it was read from; printing uses it as long as it still says the same. */
  readonly source?: string
}

/** Filters that feed one another in order. */
export interface FilterChain {
  readonly filters: readonly Filter[]
}

/** Options for the scalers that FFmpeg puts in by itself: `sws_flags=lanczos;` at the start. */
export interface ScalerFlags {
  readonly value: string
  /** The exact text with the semicolon and any blanks before. */
  readonly source?: string
}

export interface FilterGraph {
  readonly kind: 'graph'
  readonly scaler: ScalerFlags | null
  readonly chains: readonly FilterChain[]
}

/** Why a text is no filter graph. */
export interface FilterGraphError {
  readonly kind: 'error'
  /** Where in the text, from 0. */
  readonly at: number
  readonly what: string
}
