/**
 * Says what is going on, does it, and says how long it took.
 *
 * @template Result
 * @param {string} what
 * @param {() => Promise<Result>} act
 * @returns {Promise<Result>}
 */
export async function announce(what, act) {
  const startedMs = performance.now()
  const seconds = () => ((performance.now() - startedMs) / 1000).toFixed(1)
  process.stderr.write(`build-ffmpeg: ${what} ... `)
  try {
    const result = await act()
    process.stderr.write(`${seconds()} s\n`)
    return result
  } catch (error) {
    process.stderr.write(`failed after ${seconds()} s\n`)
    throw error
  }
}
