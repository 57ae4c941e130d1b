import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { connectAsync, type MqttClient } from 'mqtt'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PowerDriver } from '../../src/power/drivers/driver.ts'
import { checkDriverSettings, makeDriver } from '../../src/power/drivers/settings.ts'
import { findServer, ServerProcess } from './debian-server.ts'
import { failureOf, rightPassword, wrongPassword } from './driver-contract.ts'
import { freePort, listening } from './free-port.ts'
import { RudeServer } from './rude-server.ts'

const mosquitto = findServer('mosquitto', 'mosquitto')

describe.skipIf(mosquitto === undefined)('a switch behind an MQTT broker', () => {
  let folder: string
  let port: number
  let broker: ServerProcess
  let plug: MqttClient
  /** Commands that have arrived at the plug. */
  let heard: string[]
  /** How the plug behaves: retains its reports, has a meter, obeys. */
  let plugIs: { retaining: boolean; metered: boolean; obedient: boolean; talkative: boolean }
  let position: 'ON' | 'OFF'
  /** Its relay closes, and nothing behind it takes power. */
  let brokenLamp: boolean
  /** The reports under way. */
  let reporting = Promise.resolve()
  let driver: PowerDriver

  const startBroker = async () => {
    broker = new ServerProcess(mosquitto!, ['-c', join(folder, 'mosquitto.conf')])
    await listening(port)
  }
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'paceline-mosquitto-'))
    port = await freePort()
    // As root it becomes another user, who must be able to read this.
    chmodSync(folder, 0o755)
    const passwords = join(folder, 'passwords')
    writeFileSync(passwords, '')
    const tool = join(dirname(mosquitto!), '..', 'bin', 'mosquitto_passwd')
    execFileSync(tool, ['-b', passwords, 'paceline', rightPassword])
    chmodSync(passwords, 0o644)
    const lines = [`listener ${port} 127.0.0.1`, 'allow_anonymous false', `password_file ${passwords}`]
    writeFileSync(join(folder, 'mosquitto.conf'), `${lines.join('\n')}\n`)
    await startBroker()
  })
  afterAll(async () => {
    await broker?.stop()
    rmSync(folder, { recursive: true })
  })

  const report = async () => {
    const watts = position === 'ON' && !brokenLamp ? 5.5 : 0
    const options = { qos: 1, retain: plugIs.retaining } as const
    await plug.publishAsync('stat/plug/POWER', position, options)
    if (plugIs.metered)
      await plug.publishAsync('tele/plug/SENSOR', JSON.stringify({ ENERGY: { Power: watts } }), options)
  }
  const startPlug = async () => {
    plug = await connectAsync(`mqtt://127.0.0.1:${port}`, { username: 'paceline', password: rightPassword })
    await plug.subscribeAsync('cmnd/plug/POWER', { qos: 1 })
    plug.on('message', (_topic, message) => {
      const word = message.toString()
      if (word !== '') heard.push(word)
      if (plugIs.obedient && (word === 'ON' || word === 'OFF')) position = word
      if (plugIs.talkative) reporting = reporting.then(report)
    })
  }
  beforeEach(async () => {
    heard = []
    position = 'OFF'
    brokenLamp = false
    plugIs = { retaining: false, metered: false, obedient: true, talkative: true }
    await startPlug()
  })
  afterEach(async () => {
    await driver?.close()
    plugIs.talkative = false
    await reporting
    // A retained report would outlive its test.
    for (const topic of ['stat/plug/POWER', 'tele/plug/SENSOR'])
      await plug.publishAsync(topic, '', { retain: true })
    await plug.endAsync()
  })

  const open = (settings: Record<string, unknown> = {}) => {
    driver = makeDriver(
      checkDriverSettings(
        {
          driver: 'mqtt',
          broker: `mqtt://127.0.0.1:${port}`,
          user: 'paceline',
          password: rightPassword,
          commandTopic: 'cmnd/plug/POWER',
          stateTopic: 'stat/plug/POWER',
          attempts: 1,
          confirmSeconds: 1,
          ...settings,
        },
        'power',
      ),
    )
    return driver
  }

  it('is switched on and off, and says so', async () => {
    open({ askTopic: 'cmnd/plug/POWER' })
    expect(await driver.on()).toMatchObject({
      confirmed: true,
      state: { commanded: 'on', observed: 'unknown' },
    })
    expect(await driver.off()).toMatchObject({ confirmed: true, state: { commanded: 'off' } })
    expect(heard).toEqual(['ON', 'OFF'])
  })

  it('is heard although it retains nothing and cannot be asked', async () => {
    open()
    expect(await driver.on()).toMatchObject({ confirmed: true })
    expect(await driver.state()).toMatchObject({ commanded: 'on' })
  })

  it('is known from what the broker has retained', async () => {
    plugIs.retaining = true
    position = 'ON'
    await report()
    plugIs.talkative = false
    expect(await open().state()).toMatchObject({ asked: 'unknown', commanded: 'on' })
  })

  it('with a meter is observed', async () => {
    plugIs.metered = true
    open({ wattsTopic: 'tele/plug/SENSOR' })
    await driver.on()
    await expect.poll(async () => (await driver.state()).observed).toBe('on')
    expect((await driver.state()).evidence).toBe('relay closed, 5.5 W')
  })

  it('shows what a second controller has done', async () => {
    open()
    await driver.on()
    await plug.publishAsync('cmnd/plug/POWER', 'OFF', { qos: 1 })
    await expect.poll(async () => (await driver.state()).commanded).toBe('off')
    expect((await driver.state()).asked).toBe('on')
  })

  it('that does not obey is found out', async () => {
    plugIs.obedient = false
    expect(await failureOf(open({ confirmSeconds: 0.3 }).on())).toMatchObject({ code: 'E_POWER_UNCHANGED' })
  })

  it('that has gone silent is commanded, and nothing is confirmed', async () => {
    plugIs.talkative = false
    expect(await open({ confirmSeconds: 0.2 }).on()).toMatchObject({ sent: true, confirmed: false })
  })

  it('is denied to a wrong password, once', async () => {
    open({ password: wrongPassword, attempts: 3 })
    const first = await failureOf(driver.on())
    const second = await failureOf(driver.on())
    expect([first.code, second.code]).toEqual(['E_POWER_DENIED', 'E_POWER_DENIED'])
    expect(second.words).toContain('not tried again')
    expect(first.words).not.toContain(wrongPassword)
  })

  it('is commanded again over a new connection after the broker was away', async () => {
    open({ attempts: 5, retrySeconds: 0.2 })
    await driver.on()
    await plug.endAsync(true)
    await broker.stop()
    expect(await failureOf(open({ timeoutSeconds: 1 }).on())).toMatchObject({ code: 'E_POWER_UNREACHABLE' })
    const off = open({ attempts: 8, retrySeconds: 0.1 }).off()
    await startBroker()
    await startPlug()
    expect(await off).toMatchObject({ sent: true })
  })

  it('is not there when no broker answers in time', async () => {
    const { code } = await failureOf(open({ broker: `mqtt://127.0.0.1:${await freePort()}` }).on())
    expect(code).toBe('E_POWER_UNREACHABLE')
  })

  it('that says on and draws nothing is not on', async () => {
    plugIs.metered = true
    brokenLamp = true
    const failure = await failureOf(open({ wattsTopic: 'tele/plug/SENSOR', confirmSeconds: 0.5 }).on())
    expect(failure.code).toBe('E_POWER_UNCHANGED')
    expect(failure.words).toContain('told on, but relay closed, 0.0 W')
  })

  it('that says on is not taken for on before its watts have come, however late', async () => {
    open({ wattsTopic: 'tele/plug/SENSOR', confirmSeconds: 0.8 })
    const failing = failureOf(driver.on())
    await expect.poll(() => heard).toEqual(['ON'])
    await new Promise((resolve) => setTimeout(resolve, 200))
    await plug.publishAsync('tele/plug/SENSOR', '{"ENERGY":{"Power":0}}', { qos: 1 })
    expect((await failing).code).toBe('E_POWER_UNCHANGED')
  })

  it('whose watts never come is commanded, and nothing is confirmed', async () => {
    const { confirmed, state } = await open({ wattsTopic: 'tele/plug/SENSOR', confirmSeconds: 0.2 }).on()
    expect([confirmed, state.commanded, state.observed]).toEqual([false, 'on', 'unknown'])
    expect(state.evidence).toBe('relay closed, no watts heard yet')
  })

  it.each([
    ['half a report', '{"ENERGY":{"Pow'],
    ['a report without watts', '{"ENERGY":{}}'],
    ['a report that is no report', '[]'],
  ])('that sends %s of its watts is not observed, and is commanded all the same', async (_what, words) => {
    open({ wattsTopic: 'tele/plug/SENSOR', confirmSeconds: 0.4 })
    await driver.on().catch(() => undefined)
    await plug.publishAsync('tele/plug/SENSOR', words, { qos: 1 })
    const state = await driver.state().catch((error: { code: string }) => error.code)
    expect([state, position]).toEqual([
      words.startsWith('{"ENERGY":{"Pow')
        ? 'E_POWER_ANSWER'
        : expect.objectContaining({ observed: 'unknown' }),
      'ON',
    ])
  })

  it.each(['O', 'MAYBE', '', 'x'.repeat(100_000)])(
    'that reports %.20j is in no state that we know',
    async (word) => {
      plugIs.talkative = false
      open({ confirmSeconds: 0.3 })
      const switching = driver.on()
      await expect.poll(() => heard).toEqual(['ON'])
      await plug.publishAsync('stat/plug/POWER', word, { qos: 1 })
      expect(await switching).toMatchObject({ sent: true, confirmed: false })
      expect((await driver.state()).evidence.length).toBeLessThan(500)
    },
  )

  it.each<[string, Buffer, 'hangs' | 'hangs up', number]>([
    ['says nothing', Buffer.alloc(0), 'hangs', 1],
    ['says half of its welcome and hangs up', Buffer.from([0x20, 0x02]), 'hangs up', 2],
    ['says half of its welcome and hangs', Buffer.from([0x20, 0x02, 0x00]), 'hangs', 1],
    ['talks in another tongue', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'hangs up', 2],
    ['talks noise', Buffer.alloc(300, 0xff), 'hangs', 2],
  ])('is not there when its broker %s', async (_what, words, then, attempts) => {
    const rude = await new RudeServer(words, then).listen()
    open({ broker: `mqtt://127.0.0.1:${rude.port}`, timeoutSeconds: 0.5, attempts, retrySeconds: 0.01 })
    const { code, words: said } = await failureOf(driver.on())
    expect(code).toMatch(/^E_POWER_(UNREACHABLE|ANSWER)$/)
    expect(said).not.toContain(rightPassword)
    expect(rude.connections).toBe(attempts)
    await rude.close()
  })

  it('is commanded when a broker that hung goes on', async () => {
    open({ attempts: 6, retrySeconds: 0.1, timeoutSeconds: 0.5 })
    await driver.on()
    broker.freeze()
    const off = driver.off()
    await new Promise((resolve) => setTimeout(resolve, 700))
    broker.thaw()
    expect(await off).toMatchObject({ sent: true, confirmed: true })
    expect(position).toBe('OFF')
  })

  it('has one command under way, never two', async () => {
    open()
    const first = driver.on()
    expect(await failureOf(driver.off())).toMatchObject({ code: 'E_POWER_BUSY' })
    await first
    expect(await driver.off()).toMatchObject({ confirmed: true })
    expect(heard).toEqual(['ON', 'OFF'])
  })

  it('hears nothing in a dry run', async () => {
    const { sent, what } = await open({ dryRun: true }).on()
    await driver.state()
    expect([sent, what]).toEqual([false, `publish ON to cmnd/plug/POWER at 127.0.0.1:${port}`])
    expect(heard).toEqual([])
  })
})
