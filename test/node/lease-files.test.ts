import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LeaseFile } from '../../src/cluster/messages.ts'
import { dataPlane } from '../../src/cluster/messages.ts'
import { eventually, grantOrder, pictureArgs, type Rig, startRig } from './fixture.ts'

const font = readFileSync('/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf')
const text = Buffer.from(
  '[Script Info]\nScriptType: v4.00+\nPlayResX: 160\nPlayResY: 90\n\n[V4+ Styles]\n' +
    'Format: Name, Fontname, Fontsize, PrimaryColour\nStyle: Default,DejaVu Sans,40,&H00FFFFFF\n\n' +
    '[Events]\nFormat: Layer, Start, End, Style, Text\nDialogue: 0,0:00:00.00,0:00:09.00,Default,words\n',
)

let rig: Rig
let folder: string

/** With a name that has to be quoted within a filter graph. */
const filesFolder = () => join(folder, "it's: [all],here")
const leases = () => readdirSync(filesFolder()).filter((name) => name.startsWith('lease-'))

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paceline-node-'))
  rig = await startRig({}, [], filesFolder())
})

afterEach(async () => {
  await rig.close()
  expect(readdirSync(folder)).toEqual([])
  rmSync(folder, { recursive: true })
})

function file(use: LeaseFile['use'], index: number, bytes: Buffer): LeaseFile {
  rig.head.media[index] = bytes
  const digest = createHash('sha256').update(bytes).digest('hex')
  return { use, url: dataPlane.media('a', index), size: bytes.length, digest }
}

/** Made-up pictures with words on them, the filter's own log at its loudest. */
function withWords(): string[] {
  const plain = [...pictureArgs({ seconds: 2 })]
  const output = plain.indexOf('-c:v')
  return plain.toSpliced(output, 0, '-vf', 'subtitles=f={text}:fontsdir={fonts}')
}

describe('a lease that wants files', () => {
  test('has them on the disk while it runs, and nowhere afterwards', async () => {
    const files = [file('text', 0, text), file('font', 1, font)]
    await rig.grantPatiently({ args: withWords(), files })
    expect(leases()).toHaveLength(1)
    expect(await rig.report('a')).toMatchObject({ outcome: 'clean' })
    expect(rig.head.numbers('a')).toEqual([0, 1, 2, 3, 4])
    // The font stays for the next lease.
    await eventually('the end of its folder', () => leases().length === 0)
    expect(readdirSync(filesFolder())).toEqual(['fonts'])
    await rig.grantPatiently({ attempt: 'b', args: withWords(), files })
    expect(await rig.report('b')).toMatchObject({ outcome: 'clean' })
    expect(rig.head.mediaRequests()).toHaveLength(3)
  })

  test('does not begin without them', async () => {
    const files = [{ ...file('text', 0, text), digest: 'a'.repeat(64) }]
    await expect(rig.grantPatiently({ args: withWords(), files })).rejects.toThrow('no-files')
    expect(rig.control.reports).toEqual([])
  })

  test('that is cancelled meanwhile leaves nothing behind', async () => {
    let answer = () => {}
    const isAsked = new Promise<void>((asked) => {
      rig.head.intercept = async () => {
        asked()
        await new Promise<void>((resolve) => {
          answer = resolve
        })
        return false
      }
    })
    const order = grantOrder({ args: withWords(), files: [file('text', 0, text)] })
    const granted = rig.control.orderLater(order)
    await isAsked
    expect(rig.control.order({ type: 'cancel', attempt: 'a' })).toEqual({ ok: true })
    answer()
    expect(await granted).toMatchObject({ ok: false, code: 'cancelled' })
    await eventually('the end of its folder', () => leases().length === 0)
  })
})
