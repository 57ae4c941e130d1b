import { beforeEach, describe, expect, it } from 'vitest'
import type { EndedReport } from '../../cluster/messages.ts'
import type { Failure, Made } from '../../placement/trust.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import type { TrustKeeper } from '../trust/trust-keeper.ts'
import type { CarriedLease } from './lease-carrier.ts'
import { createLeaseTrust, type LeaseTrust } from './lease-trust.ts'

let failures: Failure[]
let made: Made[]
let over: string[]
let distrusted: string[]
let doubted: string[]
let trust: LeaseTrust

const keeper: TrustKeeper = {
  failed: (failure) => void failures.push(failure),
  made: (segment) => void made.push(segment),
  sessionOver: (session) => void over.push(session),
  isDoubted: (session, node, work) => doubted.includes(`${session} ${node} ${work}`),
  mayDo: (node, work) => !distrusted.includes(`${node} ${work}`),
  get anyKeptOff() {
    return distrusted.length > 0
  },
  keptOff: () => [],
  look: () => {},
  close: () => {},
}

beforeEach(() => {
  ;[failures, made, over, distrusted, doubted] = [[], [], [], [], []]
  trust = createLeaseTrust(keeper, 's', samplePlan)
})

const lease: CarriedLease = {
  ...{ attempt: 's-0', part: 'video', node: 'a', nodeName: 'loft', from: 3, grantedMs: 0 },
  platform: 'software',
}
const report: EndedReport = {
  ...{ type: 'ended', node: 'a', attempt: 's-0', outcome: 'failed', next: 5, exitCode: 139, stderr: '' },
}

describe('a lease that failed', () => {
  it('counts against its node at the segment that it owed, with its last words', () => {
    trust.ended(lease, { ...report, stderr: 'frame=1\nError while decoding\n' })
    trust.ended(lease, { ...report, stderr: 'frame=1\npaceline: E_ENCODER_HUNG: ffmpeg hangs' })
    trust.ended(lease, report)
    const common = { node: 'a', part: 'video', session: 's', segment: 5 }
    const work = 'software: any source to h264'
    expect(failures).toEqual([
      { ...common, work, reason: 'Error while decoding' },
      { ...common, work, reason: 'E_ENCODER_HUNG: ffmpeg hangs' },
      { ...common, work, reason: 'ffmpeg ended with 139' },
    ])
  })

  it('counts with why its segment was refused, which its node does not know', () => {
    trust.refused(lease, 5, '51 frames where the timeline has 50', false)
    trust.ended(lease, { ...report, stderr: 'paceline: the head answers 400 to segment 5' })
    expect(failures).toMatchObject([{ reason: 'segment 5 was refused: 51 frames where the timeline has 50' }])
  })

  it.each([
    ['its encoder only looks different', 'the head answers 400 to segment 5', true],
    ['the head did not take it', 'the head answers 500 to segment 5', false],
    ['its media did not come', 'input 0 could not be read: the head does not answer', false],
  ])('does not count when %s', (_why, words, ownLook) => {
    if (ownLook) trust.refused(lease, 5, 'another profile', true)
    trust.ended(lease, { ...report, stderr: `frame=1\npaceline: ${words}` })
    expect(failures).toEqual([])
  })

  it.each(['clean', 'stopped'] as const)('is none that ended %s', (outcome) => {
    trust.ended(lease, { ...report, outcome })
    expect(failures).toEqual([])
  })

  it('counts when it could not even begin, and never when it only read text', () => {
    trust.notBegun(lease, 'ffmpeg could not be started')
    const { platform: _, ...reading } = lease
    trust.notBegun(reading, 'ffmpeg could not be started')
    trust.ended(reading, report)
    expect(failures).toMatchObject([{ segment: 3, reason: 'ffmpeg could not be started' }])
  })
})

it('what has been made is told, and that the session is over', () => {
  trust.made(lease, 4)
  trust.close()
  const work = 'software: any source to h264'
  expect(made).toEqual([{ node: 'a', part: 'video', session: 's', segment: 4, work }])
  expect(over).toEqual(['s'])
})

it('pictures and sound are asked for apart', () => {
  distrusted = ['a software: any source to h264', 'b software: sound to aac']
  expect(['a', 'b'].map((node) => trust.mayPicture(node, 'software'))).toEqual([false, true])
  expect(['a', 'b'].map((node) => trust.maySound(node, ['software']))).toEqual([true, false])
  expect(trust.maySound('b', ['software', 'jetson'])).toBe(true)
})

describe('one of several ways of a platform', () => {
  const onChip: CarriedLease = { ...lease, platform: 'nvidia', rung: 'full' }
  const full = 'nvidia:full: any source to h264'

  it('fails and makes by a name of its own', () => {
    trust.ended(onChip, { ...report, stderr: 'No capable devices found' })
    trust.made({ ...onChip, rung: 'copy-back' }, 5)
    expect(failures).toMatchObject([{ work: full, isRung: true, reason: 'No capable devices found' }])
    expect(made).toMatchObject([{ work: 'nvidia:copy-back: any source to h264' }])
  })

  it('is left in the session in which it failed, and everywhere once it is not trusted', () => {
    const may = () => (['full', 'copy-back'] as const).map((rung) => trust.mayPicture('a', 'nvidia', rung))
    expect(may()).toEqual([true, true])
    doubted = [`s a ${full}`]
    expect(may()).toEqual([false, true])
    doubted = [`t a ${full}`]
    expect(may()).toEqual([true, true])
    distrusted = ['a nvidia:copy-back: any source to h264']
    expect(may()).toEqual([true, false])
  })
})
