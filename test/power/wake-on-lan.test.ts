import { createSocket, type Socket } from 'node:dgram'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PowerSwitch } from '../../src/power/drivers/power-switch.ts'
import { checkDriverSettings, makeDriver } from '../../src/power/drivers/settings.ts'
import { type Interfaces, wakeOnLanDevice, wakeOnLanSettings } from '../../src/power/drivers/wake-on-lan.ts'
import { failureOf } from './driver-contract.ts'
import { SilentPort } from './rude-server.ts'

const mac = '02:1A:2b:00:ff:09'
const address = [0x02, 0x1a, 0x2b, 0x00, 0xff, 0x09]
const secret = '0a:0b:0c:0d:0e:0f'

describe('Wake-on-LAN', () => {
  let listener: Socket
  let heard: Buffer[]
  beforeEach(async () => {
    heard = []
    listener = createSocket('udp4').on('message', (packet) => heard.push(packet))
    await new Promise<void>((resolve) => listener.bind(0, '0.0.0.0', resolve))
  })
  afterEach(() => listener.close())

  const settings = (more: Record<string, unknown> = {}) => ({
    driver: 'wake-on-lan',
    mac,
    port: listener.address().port,
    broadcast: ['127.0.0.1'],
    ...more,
  })
  const open = (more: Record<string, unknown> = {}) =>
    makeDriver(checkDriverSettings(settings(more), 'power'))
  const arrived = async (count: number) => {
    await expect.poll(() => heard.length, { timeout: 3_000 }).toBe(count)
    return heard
  }

  it('sends six bytes FF and sixteen times the address, three times', async () => {
    const outcome = await open().on()
    expect(outcome).toMatchObject({
      sent: true,
      confirmed: false,
      state: { asked: 'on', observed: 'unknown' },
    })
    const packets = await arrived(3)
    const sixteen = Array.from({ length: 16 }, () => address).flat()
    for (const packet of packets) expect([...packet]).toEqual([...Array(6).fill(0xff), ...sixteen])
  })

  it('adds the SecureOn password, and shows it nowhere', async () => {
    const driver = open({ secureOn: secret, packets: 1 })
    const outcome = await driver.on()
    const [packet] = await arrived(1)
    expect([...packet!.subarray(102)]).toEqual([10, 11, 12, 13, 14, 15])
    expect(JSON.stringify(outcome)).not.toContain(secret)
  })

  it('broadcasts into the network of every interface but loopback, or of those that are named', async () => {
    const entry = (at: string, netmask: string, internal: boolean) =>
      ({ address: at, netmask, family: 'IPv4', mac: '', internal, cidr: null }) as const
    const interfaces: Interfaces = () => ({
      lo: [entry('127.0.0.1', '255.0.0.0', true)],
      'lan-b': [entry('127.7.0.9', '255.255.0.0', false)],
    })
    const device = (more: Record<string, unknown>) => {
      const checked = wakeOnLanSettings.parse({
        driver: 'wake-on-lan',
        mac,
        port: listener.address().port,
        ...more,
      })
      return new PowerSwitch(wakeOnLanDevice(checked, interfaces), { ...checked, attempts: 1 })
    }
    expect(
      device({})
        .on()
        .then(({ what }) => what),
    ).resolves.toContain('127.7.255.255 from 127.7.0.9')
    const { what } = await device({ interfaces: ['lo'], packets: 1 }).on()
    expect(what).toContain('127.255.255.255 from 127.0.0.1')
    // All of 127/8 is this machine, and the broadcast address of its loopback reaches every listener.
    await expect.poll(() => heard.length, { timeout: 3_000 }).toBeGreaterThan(0)
  })

  it('says that there is no network to send it to', async () => {
    const checked = wakeOnLanSettings.parse({ driver: 'wake-on-lan', mac, attempts: 1 })
    const driver = new PowerSwitch(
      wakeOnLanDevice(checked, () => ({})),
      checked,
    )
    expect(await failureOf(driver.on())).toMatchObject({ code: 'E_POWER_UNREACHABLE' })
  })

  it('is confirmed by a probe that finds the node awake, and not by silence of its own making', async () => {
    const probe = { host: '127.0.0.1', port: 1 }
    expect(await open({ probe }).on()).toMatchObject({ confirmed: true, state: { observed: 'on' } })
  })

  it('of a node that does not wake is found out', async () => {
    const silent = await new SilentPort().listen()
    const probe = { host: '127.0.0.1', port: silent.port }
    const { code, words } = await failureOf(
      open({ probe, confirmSeconds: 0.3, attempts: 1, packets: 1 }).on(),
    )
    expect([code, words.includes(`told on, but port ${silent.port}`)]).toEqual(['E_POWER_UNCHANGED', true])
    await silent.close()
  })

  it('shows that somebody else has switched the node off', async () => {
    const silent = await new SilentPort().listen()
    const driver = open({ probe: { host: '127.0.0.1', port: silent.port }, confirmSeconds: 0, packets: 1 })
    await driver.on()
    expect(await driver.state()).toMatchObject({ asked: 'on', observed: 'off' })
    await silent.close()
  })

  it('has one command under way, never two', async () => {
    const driver = open({ packets: 3 })
    const first = driver.on()
    expect(await failureOf(driver.on())).toMatchObject({ code: 'E_POWER_BUSY' })
    await first
    await arrived(3)
  })

  it('switches nothing off', async () => {
    expect(await failureOf(open().off())).toMatchObject({ code: 'E_POWER_CANNOT' })
    expect(heard).toEqual([])
  })

  it('sends nothing in a dry run', async () => {
    const outcome = await open({ dryRun: true }).on()
    expect(outcome).toMatchObject({ sent: false, what: `3 magic packets for ${mac} to 127.0.0.1` })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(heard).toEqual([])
  })

  it('stops between two packets when it is told to', async () => {
    const controller = new AbortController()
    const sending = open({ packets: 20 }).on(controller.signal)
    await arrived(1)
    controller.abort(new Error('not needed any more'))
    await expect(sending).rejects.toThrow('not needed any more')
    expect(heard.length).toBeLessThan(20)
  })
})
