import { type Check, ill, well } from './check.ts'

/** The first release that loads synchronous ES modules from CommonJS; package.json says the same. */
const oldest = { major: 20, minor: 19 }

export function nodeCheck(version: string = process.versions.node): Check {
  return {
    name: 'Node.js',
    async look() {
      const [major = 0, minor = 0] = version.split('.').map(Number)
      if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return well(version)
      return ill(
        `${version}, older than ${oldest.major}.${oldest.minor}`,
        'Install a current one from https://nodejs.org/en/download.',
      )
    },
  }
}
