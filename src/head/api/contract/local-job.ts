/**
 * A job that the media server's own transcoder does: what somebody looks for who asks why his film is on no node. The
 * same job again is the same row, and so is all background work of a kind (previews, analysis), whatever it is about.
 */
export interface LocalJobView {
  readonly id: string
  /** The film's file name, of the last of them. It comes from the media server: text, never markup. */
  readonly title: string
  /** Of docs/local-jobs.md, e.g. `remux`; `head` where the head could not decide at all. */
  readonly code: string
  /** Why, in words. */
  readonly reason: string
  readonly times: number
  /** The last of them, milliseconds since 1970. */
  readonly atMs: number
}
