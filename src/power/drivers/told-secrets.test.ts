import { expect, it } from 'vitest'
import { checkDriverSettings, makeDriver } from './settings.ts'

it('says where a webhook goes without its query, where keys are', async () => {
  const settings = {
    ...{ driver: 'webhook', dryRun: true },
    on: { url: 'https://hooks.lan/power/node-3?key=hunter2&on=1', method: 'POST' },
  }
  const driver = makeDriver(checkDriverSettings(settings, 'test'))
  const { what } = await driver.on()
  expect(what).toBe('POST https://hooks.lan/power/node-3')
  expect(driver.name).not.toContain('hunter2')
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
