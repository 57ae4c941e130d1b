import { describe, expect, it } from 'vitest'
import { powerLines, powerStateText, type ShownPower, timeText } from './power-text.ts'

const power: ShownPower = {
  ...{
    name: 'loft',
    driver: 'poe',
    state: 'off',
    sinceSeconds: 7_300,
    readyInSeconds: null,
    retryInSeconds: null,
  },
  ...{ keptForSeconds: null, decided: null, command: null, trouble: null },
}

describe('the state of a node', () => {
  it.each([
    [{}, 'off for 2 h'],
    [{ sinceSeconds: null }, 'off'],
    [{ state: 'waking', readyInSeconds: 12.4 }, 'waking, ready in 12 s'],
    [{ state: 'waking', readyInSeconds: 0, sinceSeconds: 40 }, 'waking for 40 s'],
    [{ state: 'failed', retryInSeconds: 300 }, 'failed, tried again in 5 min'],
    [{ state: 'going-to-sleep', sinceSeconds: 3 }, 'going to sleep for 3 s'],
    [{ state: 'draining', sinceSeconds: 3 }, 'draining for 3 s'],
    [{ state: 'busy' }, 'working'],
    [{ state: 'ready', keptForSeconds: 540 }, 'working, kept awake for 9 min'],
    [{ driver: null }, 'working'],
  ])('%o', (more, text) => expect(powerStateText('working', { ...power, ...more })).toBe(text))

  it('is as before where power is not known', () => expect(powerStateText('away', undefined)).toBe('away'))
})

describe('what is told of power', () => {
  it('is nothing where all is well', () => expect(powerLines(power)).toEqual([]))

  it.each([
    [{ state: 'ready', retryInSeconds: 300 }, 'loft: E_NODE_SLEEP: plug; tried again in 5 min\n'],
    [{ state: 'ready', retryInSeconds: null }, 'loft: E_NODE_SLEEP: plug\n'],
    // That stands in the table.
    [{ state: 'failed', retryInSeconds: 300 }, 'loft: E_NODE_SLEEP: plug\n'],
  ])('is when a node that did not sleep is told to again: %o', (more, line) =>
    expect(powerLines({ ...power, ...more, trouble: 'E_NODE_SLEEP: plug' })).toEqual([line]),
  )

  it('is what failed, and what the switch said', () => {
    const command = { what: 'on', told: 'port 5', agoSeconds: 20, isUnderWay: false, isDryRun: false }
    const trouble = 'E_NODE_WAKE: nothing heard for 60 s'
    expect(
      powerLines({ ...power, trouble, command: { ...command, failed: 'E_POWER_DENIED: switch' } }),
    ).toEqual([
      'loft: E_NODE_WAKE: nothing heard for 60 s\n',
      'loft: power on, 20 s ago: E_POWER_DENIED: switch\n',
    ])
  })

  it('is what a dry run would have done, and why', () => {
    const command = {
      what: 'off',
      told: 'port 5 off',
      agoSeconds: 2,
      isUnderWay: false,
      isDryRun: true,
      failed: null,
    }
    const decided = { what: 'sleep', reason: 'not-needed', agoSeconds: 2 }
    expect(powerLines({ ...power, command, decided })).toEqual([
      'loft: would sleep, since nobody needs it. Dry run: port 5 off\n',
    ])
  })
})

it.each([
  [0, '0 s'],
  [99, '99 s'],
  [100, '2 min'],
  [5_999, '100 min'],
  [86_400, '24 h'],
])('%d seconds are %s', (seconds, text) => expect(timeText(seconds)).toBe(text))
