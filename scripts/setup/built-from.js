import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** @typedef {Map<string, string>} Inputs what a build depends on: size and time of change by path */

/**
 * @param {readonly import('./source-files.js').SourceFile[]} files
 * @returns {Inputs}
 */
export function inputsOf(files) {
  return new Map(files.map(({ path, changedMs, bytes }) => [path, `${bytes} ${changedMs}`]))
}

/**
 * What a build has left beside its output, empty before the first.
 *
 * @param {string} list the file
 * @returns {Inputs}
 */
export function readBuiltFrom(list) {
  if (!existsSync(list)) return new Map()
  const lines = readFileSync(list, 'utf8').split('\n').filter(Boolean)
  return new Map(lines.map((line) => /** @type {[string, string]} */ (line.split('\t'))))
}

/**
 * @param {string} list the file
 * @param {Inputs} inputs
 */
export function writeBuiltFrom(list, inputs) {
  writeFileSync(list, [...inputs].map(([path, state]) => `${path}\t${state}\n`).join(''))
}

/**
 * The paths that are not as they were, or undefined when the last build still holds.
 *
 * @param {Inputs} before
 * @param {Inputs} now
 * @returns {string[] | undefined}
 */
export function changedInputs(before, now) {
  const changed = [...now].filter(([path, state]) => before.get(path) !== state).map(([path]) => path)
  const gone = [...before.keys()].filter((path) => !now.has(path))
  return changed.length + gone.length === 0 ? undefined : [...changed, ...gone]
}
