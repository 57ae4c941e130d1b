/**
 * How many checks came out which way.
 *
 * @typedef {{ passed: number, failed: number, skipped: number }} Tally
 */

/**
 * The part of vitest's JSON report that is counted.
 *
 * @typedef {object} Report
 * @property {boolean} success
 * @property {readonly { status: string, assertionResults: readonly { status: string }[] }[]} testResults one per file
 */

/**
 * Counts the tests of a report. A file that could not even be loaded has no tests and counts as one that failed, and
 * so does a run that failed although each of its tests passed (an error outside of any test).
 *
 * @param {Report} report
 * @returns {Tally}
 */
export function tallyOf(report) {
  const outcomes = report.testResults.flatMap((file) => file.assertionResults.map((test) => test.status))
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  const passed = outcomes.filter((status) => status === 'passed').length
  const failed = outcomes.filter((status) => status === 'failed').length + unloaded.length
  return {
    passed,
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: outcomes.length - passed - (failed - unloaded.length),
  }
}

/**
 * The sum of several tallies.
 *
 * @param {readonly Tally[]} tallies
 * @returns {Tally}
 */
export function sumOf(tallies) {
  const sum = (/** @type {keyof Tally} */ key) => tallies.reduce((total, tally) => total + tally[key], 0)
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
}

/**
 * The last line of a test run, for people and machines.
 *
 * @param {Tally} tally
 */
export function tallyLine({ passed, failed }) {
  return `${passed} passed, ${failed} failed`
}
