import { describe, expect, it } from 'vitest'
import { PacelineError } from '../../errors.ts'
import { exitCodeFor, failureFor, openingMessages } from './failure.ts'

/** A failed probe carries FFmpeg's words as its cause. */
function probeFailure(
  code: 'E_PROBE_MISSING' | 'E_PROBE_INVALID' | 'E_PROBE_DENIED',
  reason: string,
  log: string[] = [],
) {
  return new PacelineError(code, '/films/a.mkv', { cause: Object.assign(new Error(reason), { reason, log }) })
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code })
}

describe('exit codes', () => {
  it('are the lowest byte of FFmpeg 6.1 errors', () => {
    expect(exitCodeFor(new PacelineError('E_PROBE_MISSING', '/a'))).toBe(254)
    expect(exitCodeFor(new PacelineError('E_PROBE_DENIED', '/a'))).toBe(243)
    expect(exitCodeFor(new PacelineError('E_PROBE_INVALID', '/a'))).toBe(183)
  })

  it('follow the words of FFmpeg where the probe has them', () => {
    expect(exitCodeFor(probeFailure('E_PROBE_MISSING', 'Not a directory'))).toBe(236)
    expect(exitCodeFor(probeFailure('E_PROBE_DENIED', 'Input/output error'))).toBe(251)
    expect(exitCodeFor(probeFailure('E_PROBE_INVALID', 'Something new'))).toBe(183)
  })

  it('come from the system where a disk failed', () => {
    expect(exitCodeFor(systemError('ENOSPC'))).toBe(228)
    expect(exitCodeFor(new PacelineError('E_SESSION_FAILED', 's', { cause: systemError('EISDIR') }))).toBe(
      235,
    )
  })

  it('are 1 for everything else', () => {
    expect(exitCodeFor(new PacelineError('E_SESSION_FAILED', 's'))).toBe(1)
    expect(exitCodeFor(systemError('EWHATEVER'))).toBe(1)
    expect(exitCodeFor(systemError('toString'))).toBe(1)
    expect(exitCodeFor('no error at all')).toBe(1)
  })
})

describe('what the server hears', () => {
  it('is the reason in three lines, with the path as the command line has it', () => {
    expect(openingMessages(1, '/films/Ein Film.mkv', 'Permission denied')).toEqual([
      expect.stringMatching(/^\[in#1 @ 0x[0-9a-f]{12}\] Error opening input: Permission denied$/),
      'Error opening input file /films/Ein Film.mkv.',
      'Error opening input files: Permission denied',
    ])
  })

  it('begins with what the demuxer said', () => {
    const log = ['[mov,mp4,m4a,3gp,3g2,mj2 @ 0x55] moov atom not found']
    expect(
      failureFor(probeFailure('E_PROBE_INVALID', 'Invalid data found when processing input', log)),
    ).toEqual({
      reason: 'Invalid data found when processing input',
      exitCode: 183,
      log,
    })
  })

  it('is a failed conversion when the cause is our own', () => {
    expect(failureFor(new Error('a node went away'))).toEqual({
      reason: 'Conversion failed!',
      exitCode: 1,
      log: [],
    })
  })
})
