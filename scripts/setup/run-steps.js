/**
 * One thing that has to be in place. `check` is quick and says what is missing, or undefined when all is well; `act`
 * mends it or throws a SetupFailure; `describe` is what the person at the keyboard reads meanwhile.
 *
 * @typedef {object} Step
 * @property {() => string[] | undefined} check
 * @property {(missing: string[]) => string} describe
 * @property {(missing: string[]) => Promise<void>} act
 */

/** How often a terminal is told that a long step is still going on. */
const repaintMs = 1000

/**
 * Takes the steps in order: silent about those that have nothing to do, a line with the time taken for each other.
 *
 * @param {readonly Step[]} steps
 * @param {NodeJS.WriteStream} out
 */
export async function runSteps(steps, out) {
  for (const step of steps) {
    const missing = step.check()
    if (missing !== undefined) await takeStep(step, missing, out)
  }
}

/**
 * @param {Step} step
 * @param {string[]} missing
 * @param {NodeJS.WriteStream} out
 */
async function takeStep(step, missing, out) {
  const startedMs = performance.now()
  const seconds = () => ((performance.now() - startedMs) / 1000).toFixed(1)
  const line = `setup: ${step.describe(missing)} ... `
  out.write(line)
  const repaint = out.isTTY ? setInterval(() => out.write(`\r${line}${seconds()} s`), repaintMs) : undefined
  try {
    await step.act(missing)
    out.write(`${out.isTTY ? `\r${line}` : ''}${seconds()} s\n`)
  } catch (error) {
    out.write(`${out.isTTY ? `\r${line}` : ''}failed after ${seconds()} s\n`)
    throw error
  } finally {
    clearInterval(repaint)
  }
}
