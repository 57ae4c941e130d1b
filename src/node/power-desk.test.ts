import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPowerDesk } from './power-desk.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-power-desk-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const log = { info: () => undefined, warn: () => undefined }

async function program(name: string, script: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
  return path
}

test('a node whose owner has not allowed it is never put to sleep', async () => {
  const reply = await createPowerDesk({ program: undefined, log })({ type: 'power', action: 'poweroff' })

  expect(reply).toMatchObject({ ok: false, code: 'power-denied' })
})

test('the program is called with what the head wants, and nothing else', async () => {
  const noted = join(folder, 'noted')
  const path = await program('note', `echo "$# $*" > ${noted}`)

  const reply = await createPowerDesk({ program: path, log })({ type: 'power', action: 'suspend' })

  expect(reply).toEqual({ ok: true })
  expect(await readFile(noted, 'utf8')).toBe('1 suspend\n')
})

test.each([['reboot'], ['--root=/tmp/other'], [''], [undefined], [['poweroff']], [{ toString: 'poweroff' }]])(
  'the program is called for nothing else that the head may say: %j',
  async (action) => {
    const noted = join(folder, 'other')
    const path = await program('note-other', `echo "$*" > ${noted}`)

    const reply = await createPowerDesk({ program: path, log })({
      type: 'power',
      action: action as 'suspend',
    })

    expect(reply).toMatchObject({ ok: false, code: 'bad-order' })
    await expect(readFile(noted)).rejects.toThrow('ENOENT')
  },
)

test('a program that fails is heard of, with its words', async () => {
  const path = await program('fail', 'echo "Interactive authentication required." >&2; exit 1')

  const reply = await createPowerDesk({ program: path, log })({ type: 'power', action: 'poweroff' })

  expect(reply).toEqual({
    ...{ ok: false, code: 'power-failed' },
    message: 'Interactive authentication required. (exit code 1)',
  })
})

test('a program that is not there is heard of', async () => {
  const desk = createPowerDesk({ program: join(folder, 'missing'), log })

  expect(await desk({ type: 'power', action: 'poweroff' })).toMatchObject({ code: 'power-failed' })
})

test('a machine that goes at once has no time for the program to end', async () => {
  const path = await program('slow', 'exec sleep 5')
  const beganMs = performance.now()

  const reply = await createPowerDesk({ program: path, log })({ type: 'power', action: 'suspend' })

  expect(reply).toEqual({ ok: true })
  expect(performance.now() - beganMs).toBeLessThan(4_000)
})
