import { compareLogs, compareOneOffCalls, compareTokens } from './compare-calls.ts'
import { checkAnnounced, compareFiles } from './compare-files.ts'
import { compareLists } from './compare-lists.ts'
import { compareManifests, hasManifests, withoutManifests } from './compare-manifests.ts'
import { compareProgress } from './compare-progress.ts'
import type { Recording } from './recording.ts'

export interface ComparisonOptions {
  /** Demand every post of a job that the recorder stopped, not only those to its 20th finished row. */
  readonly whole?: boolean
  /** Leave out the rules about files, for a recording made with bytes that are not media. */
  readonly withoutMedia?: boolean
}

/**
 * Holds a new recording of a segmented job against one of the real transcoder, under the rules of the recordings'
 * own README. Returns the differences as sentences; none means that a media server could not tell the two apart.
 */
export function compareRecordings(
  golden: Recording,
  made: Recording,
  options: ComparisonOptions = {},
): readonly string[] {
  const whole = options.whole ?? false
  return [
    ...compareOneOffCalls(golden, made),
    ...compareLogs(golden, made),
    ...compareTokens(golden, made),
    ...compareProgress(golden, made),
    ...(hasManifests(golden) ? compareManifests(golden, made) : []),
    ...compareLists(withoutManifests(golden), withoutManifests(made), whole),
    ...(options.withoutMedia ? [] : compareFiles(golden, made, whole)),
    ...checkAnnounced(made),
    ...compareEnd(golden, made),
  ]
}

function compareEnd(golden: Recording, made: Recording): string[] {
  if (golden.signal === null) {
    if (made.exit === golden.exit && made.signal === null) return []
    return [`the job ended with ${made.signal ?? made.exit} instead of ${golden.exit}`]
  }
  // A job that the recorder stopped may have come to its own good end meanwhile.
  if (made.signal === golden.signal || made.exit === 0) return []
  return [`the job ended with ${made.signal ?? made.exit} instead of ${golden.signal}`]
}
