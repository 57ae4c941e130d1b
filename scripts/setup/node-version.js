import { SetupFailure } from './setup-failure.js'

/** The first release that loads synchronous ES modules from CommonJS, which our dependencies rely on; `engines` says the same. */
const oldest = { major: 20, minor: 19 }

/**
 * @param {string} [version] as `process.versions.node`
 * @returns {import('./run-steps.js').Step}
 */
export function nodeVersion(version = process.versions.node) {
  return {
    check: () => (isRecentEnough(version) ? undefined : [version]),
    describe: () => 'looking at the version of Node.js',
    act: async () => {
      throw new SetupFailure(
        `Node.js ${oldest.major}.${oldest.minor} or newer is needed and this is ${version} (${process.execPath}): install a current one from https://nodejs.org/en/download.`,
      )
    },
  }
}

/** @param {string} version */
function isRecentEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > oldest.major || (major === oldest.major && minor >= oldest.minor)
}
