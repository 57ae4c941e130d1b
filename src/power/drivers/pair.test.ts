import { describe, expect, it } from 'vitest'
import { PacelineError } from '../../errors.ts'
import type { Device, Observation, Power } from './driver.ts'
import { PairDriver } from './pair.ts'
import { PowerSwitch } from './power-switch.ts'

const settings = { timeoutSeconds: 1, attempts: 1, retrySeconds: 0, confirmSeconds: 0.1, dryRun: false }

/** A device that writes down what it is told. */
function device(
  kind: string,
  log: string[],
  part: Partial<Device> = {},
  more: Partial<typeof settings> = {},
) {
  const plain: Device = {
    kind,
    name: kind,
    describe: (power) => `${kind} ${power}`,
    command: async (power) => {
      log.push(`${kind} ${power}`)
    },
  }
  return new PowerSwitch({ ...plain, ...part }, { ...settings, ...more })
}
const seen = (observed: Power): Observation => ({ observed, evidence: `looks ${observed}` })
const fails = async () => {
  throw new PacelineError('E_POWER_UNREACHABLE', 'node hangs')
}

describe('a pair of drivers', () => {
  it('wakes by one and switches off by the others, the gentle one first', async () => {
    const log: string[] = []
    const pair = new PairDriver(device('wake', log), [device('agent', log), device('relay', log)], 0)
    await pair.on()
    const { what, sent } = await pair.off()
    expect(log).toEqual(['wake on', 'agent off', 'relay off'])
    expect([what, sent]).toEqual(['agent off; then relay off', true])
  })

  it('waits between the gentle step and the cut', async () => {
    const times: number[] = []
    const note = async () => {
      times.push(performance.now())
    }
    const [agent, relay] = [device('agent', [], { command: note }), device('relay', [], { command: note })]
    await new PairDriver(relay, [agent, relay], 80).off()
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(75)
  })

  it('cuts the power of a node that hangs, without waiting for it to settle', async () => {
    const log: string[] = []
    const pair = new PairDriver(
      device('wake', log),
      [device('agent', log, { command: fails }), device('relay', log)],
      60_000,
    )
    expect((await pair.off()).what).toBe('E_POWER_UNREACHABLE (agent); then relay off')
    expect(log).toEqual(['relay off'])
  })

  it('fails when the last one does', async () => {
    const pair = new PairDriver(device('wake', []), [device('relay', [], { command: fails })], 0)
    await expect(pair.off()).rejects.toMatchObject({ code: 'E_POWER_UNREACHABLE' })
    expect((await pair.state()).asked).toBe('unknown')
  })

  it('takes for observed what any of them sees', async () => {
    const blind = device('wake', [])
    const seeing = device('relay', [], { observe: async () => seen('off') })
    const pair = new PairDriver(blind, [seeing], 0)
    expect(await pair.state()).toMatchObject({ asked: 'unknown', observed: 'off' })
    await pair.off()
    expect(await pair.state()).toMatchObject({ asked: 'off', commanded: 'off', observed: 'off' })
  })

  it('does one thing at a time', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const pair = new PairDriver(device('wake', [], { command: () => held }), [device('relay', [])], 0)
    const waking = pair.on()
    await expect(pair.off()).rejects.toMatchObject({ code: 'E_POWER_BUSY' })
    release()
    await waking
  })

  it('stops in between when it is told to, and does not cut', async () => {
    const log: string[] = []
    const pair = new PairDriver(device('wake', log), [device('agent', log), device('relay', log)], 10_000)
    const controller = new AbortController()
    const going = pair.off(controller.signal)
    setTimeout(() => controller.abort(new Error('a session arrived')), 30)
    await expect(going).rejects.toThrow('a session arrived')
    expect(log).toEqual(['agent off'])
  })

  it('sends nothing when all of it is a dry run', async () => {
    const log: string[] = []
    const dry = (kind: string) => device(kind, log, {}, { dryRun: true })
    const outcome = await new PairDriver(dry('wake'), [dry('agent'), dry('relay')], 60_000).off()
    expect([log, outcome.sent, outcome.what]).toEqual([[], false, 'agent off; then relay off'])
  })
})
