import { expect, it } from 'vitest'
import { checkDriverSettings, makeDriver } from './settings.ts'

it('says where a webhook goes without its path and query, where keys are', async () => {
  const settings = {
    ...{ driver: 'webhook', dryRun: true },
    on: { url: 'https://hooks.lan/power/node-3?key=hunter2&on=1', method: 'POST' },
  }
  const driver = makeDriver(checkDriverSettings(settings, 'test'))
  const { what } = await driver.on()
  expect(what).toBe('POST to https://hooks.lan')
  expect(driver.name).not.toContain('hunter2')
})

it.each([
  ['exec', { driver: 'exec', on: ['sudo', 'plug', '--pin', 'hunter2'] }, 'run sudo, with arguments'],
  ['exec without arguments', { driver: 'exec', on: ['/opt/plug'] }, 'run /opt/plug'],
  [
    'mqtt',
    {
      driver: 'mqtt',
      broker: 'mqtt://broker.lan',
      commandTopic: 'plug/set',
      onPayload: '{"on":1,"pin":"hunter2"}',
    },
    'publish the message for on to plug/set',
  ],
  [
    'mqtt of a plain word',
    { driver: 'mqtt', broker: 'mqtt://broker.lan', commandTopic: 'plug/set' },
    'publish ON',
  ],
  [
    'webhook',
    {
      driver: 'webhook',
      on: { url: 'https://hooks.lan/api/hunter2', body: 'hunter2', headers: { a: 'hunter2' } },
    },
    'POST to https://hooks.lan',
  ],
  [
    'poe',
    { driver: 'poe', host: 'switch.lan', switchPort: 5, snmp: { version: '2c', community: 'hunter2' } },
    'SNMP 2c set',
  ],
  [
    'wake-on-lan',
    { driver: 'wake-on-lan', mac: '00:11:22:33:44:55', secureOn: '0a:0b:0c:0d:0e:0f' },
    '3 magic',
  ],
  ['shelly', { driver: 'shelly', url: 'http://plug.lan', password: 'hunter2' }, 'GET http://plug.lan/rpc'],
  ['tasmota', { driver: 'tasmota', url: 'http://plug.lan', password: 'hunter2' }, 'GET http://plug.lan/cm'],
  [
    'turing-pi',
    { driver: 'turing-pi', url: 'https://bmc.lan', node: 1, password: 'hunter2' },
    'GET https://bmc.lan',
  ],
])('tells of a command of %s without what may be a secret in it', async (_kind, settings, begins) => {
  const driver = makeDriver(checkDriverSettings({ ...settings, dryRun: true }, 'test'))
  const { what } = await driver.on()
  expect(what.startsWith(begins), what).toBe(true)
  expect(`${what} ${driver.name}`).not.toMatch(/hunter2|0a:0b/)
})

it('tells of an own command of ssh only that there is one', async () => {
  const settings = {
    driver: 'ssh',
    host: 'node.lan',
    user: 'ops',
    command: 'echo hunter2 | sudo -S poweroff',
  }
  const { what } = await makeDriver(checkDriverSettings({ ...settings, dryRun: true }, 'test')).off()
  expect(what).toBe('ssh to ops@node.lan:22: the command of its settings')
})

it('takes no secret that no device would take, and does not repeat it', () => {
  const settings = { driver: 'exec', on: ['true'], secrets: { IPMI_PASSWORD: 'hunter2\u0000' } }
  const check = () => checkDriverSettings(settings, 'test')
  expect(check).toThrow(expect.objectContaining({ code: 'E_POWER_SETTINGS' }))
  expect(check).not.toThrow(/hunter2/)
})

it('says of what the runtime will not have only which kind of fault it is', async () => {
  const settings = { driver: 'exec', on: ['true', 'a\u0000b'], attempts: 1 }
  const failing = makeDriver(checkDriverSettings(settings, 'test')).on()
  await expect(failing).rejects.toMatchObject({
    ...{ code: 'E_INTERNAL', where: 'exec true: ERR_INVALID_ARG_VALUE' },
  })
})
