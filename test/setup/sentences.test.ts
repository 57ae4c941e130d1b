import { describe, expect, it } from 'vitest'
import { explainFailure } from '../../scripts/setup/explain-failure.js'
import { nodeVersion } from '../../scripts/setup/node-version.js'
import { tellingLine } from '../../scripts/setup/run-quietly.js'
import { SetupFailure } from '../../scripts/setup/setup-failure.js'

describe('the telling line of a failed program', () => {
  it.each([
    [
      'npm without a network',
      'npm warn Unknown user config\nnpm error code ENOTFOUND\nnpm error syscall getaddrinfo\nnpm error errno ENOTFOUND\nnpm error network request to https://registry.npmjs.org/zod failed\nnpm error A complete log of this run can be found in: x',
      'npm error network request to https://registry.npmjs.org/zod failed',
    ],
    [
      'apt-get',
      'Reading package lists...\nE: Unable to fetch some archives\n',
      'E: Unable to fetch some archives',
    ],
    [
      'a C compiler',
      "cc -O2 shim.c\nshim.c:3:1: warning: unused\nshim.c:9:5: error: expected ';'\nmake: *** [Makefile:4] Error 1\n",
      "shim.c:9:5: error: expected ';'",
    ],
    ['tsc', "src/a.ts(1,7): error TS2322: Type 'string'\n", "src/a.ts(1,7): error TS2322: Type 'string'"],
    ['a program without errors', 'one\n\n  two  \n\n', 'two'],
    ['a silent program', ' \n', 'it said nothing'],
  ])('of %s', (_program, output, line) => {
    expect(tellingLine(output)).toBe(line)
  })
})

describe('the sentence for a failure', () => {
  const systemError = (code: string, path?: string) => Object.assign(new Error(code), { code, path })

  it('is the message of a failure that somebody foresaw', () => {
    expect(explainFailure(new SetupFailure('Mend this.'), '/clone')).toBe('Mend this.')
  })

  it.each([
    [
      'EACCES',
      '/clone/dist/x cannot be written by this user: run this as the owner of /clone, or make it yours',
    ],
    ['EROFS', '/clone/dist/x is on a read-only disk'],
    ['ENOSPC', '/clone/dist/x could not be written because the disk is full'],
  ])('names the file and the way out of %s', (code, beginning) => {
    expect(explainFailure(systemError(code, '/clone/dist/x'), '/clone')).toContain(beginning)
  })

  it('names the folder when the system does not say which file', () => {
    expect(explainFailure(systemError('ENOSPC'), '/clone')).toMatch(/^\/clone could not/)
  })

  it('does not make excuses for a bug', () => {
    expect(explainFailure(new TypeError('x is not a function'), '/clone')).toBeUndefined()
    expect(explainFailure(systemError('ENOENT'), '/clone')).toBeUndefined()
  })
})

describe('the step for the version of Node.js', () => {
  it.each(['20.19.0', '20.20.2', '21.0.0', '24.1.0'])('is content with %s', (version) => {
    expect(nodeVersion(version).check()).toBeUndefined()
  })

  it.each(['18.19.0', '20.18.3', '16.20.2'])(
    'asks for a newer one than %s in one sentence',
    async (version) => {
      const step = nodeVersion(version)
      expect(step.check()).toEqual([version])
      await expect(step.act([])).rejects.toThrow(
        `Node.js 20.19 or newer is needed and this is ${version} (${process.execPath}): install a current one from https://nodejs.org/en/download.`,
      )
    },
  )
})
