import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { SetupFailure } from './setup-failure.js'

/** @typedef {{ ok: boolean, output: string, log: string }} Outcome */
/** @typedef {'SIGINT' | 'SIGTERM'} StopSignal */

/**
 * Runs a program to its end with its output kept in a log below `.cache/setup/` rather than shown.
 * A signal to us is passed on and ends us too, once the program has gone.
 *
 * @param {string} root the project's folder
 * @param {string} name of the log
 * @param {readonly string[]} command the program and its arguments
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<Outcome>}
 */
export async function runQuietly(root, name, command, environment) {
  const [program = '', ...args] = command
  const log = join('.cache', 'setup', `${name}.log`)
  mkdirSync(join(root, '.cache', 'setup'), { recursive: true })
  const file = openSync(join(root, log), 'w')
  try {
    const child = spawn(program, args, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
        writeSync(file, text)
      })
    }
    const { exitCode, startError, signal } = await endOf(child)
    if (signal !== undefined) process.exit(128 + constants.signals[signal])
    if (startError !== undefined)
      throw new SetupFailure(
        `${program} could not be started (${startError.message}): check that it is installed.`,
      )
    return { ok: exitCode === 0, output, log }
  } finally {
    closeSync(file)
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<{ exitCode: number | null, startError: Error | undefined, signal: StopSignal | undefined }>}
 */
export function endOf(child) {
  /** @type {StopSignal | undefined} */
  let signal
  const passOn = (/** @type {StopSignal} */ received) => {
    signal = received
    child.kill(received)
  }
  process.on('SIGINT', passOn).on('SIGTERM', passOn)
  return new Promise((resolve) => {
    const settle = (/** @type {number | null} */ exitCode, /** @type {Error | undefined} */ startError) => {
      process.off('SIGINT', passOn).off('SIGTERM', passOn)
      resolve({ exitCode, startError, signal })
    }
    child.on('close', (exitCode) => settle(exitCode, undefined))
    // Also emitted when a signal cannot be delivered, as to sudo's child, which is root's: that child is waited for.
    child.on('error', (error) => {
      if (child.pid === undefined) settle(null, error)
    })
  })
}

/**
 * The line of a failed program's output that says most: its first error, else its last words.
 *
 * @param {string} output
 */
export function tellingLine(output) {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  // npm begins with a code and numbers; the sentence comes after them.
  const isTelling = (/** @type {string} */ line) =>
    /^E: |\berror\b[: ]|^npm ERR! /.test(line) && !/^npm (error|ERR!) (code|errno|syscall) /.test(line)
  return lines.find(isTelling) ?? lines.at(-1) ?? 'it said nothing'
}
