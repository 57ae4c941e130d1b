import { setImmediate } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { GrantTurns } from './grant-turns.ts'

let turns: GrantTurns
let sent: string[]
let answer: () => void

beforeEach(() => {
  turns = new GrantTurns()
  sent = []
  turns.picture(() => {
    sent.push('picture')
    return new Promise((resolve) => {
      answer = resolve
    })
  })
})

const grantSound = () => turns.other('sound', () => void sent.push('sound'))
const cutSound = () => turns.about('sound', () => void sent.push('cut'))

describe('orders of a session', () => {
  it('go out for the picture at once, and for the sound when the picture is answered', async () => {
    grantSound()
    await setImmediate()
    expect(sent).toEqual(['picture'])
    answer()
    await setImmediate()
    expect(sent).toEqual(['picture', 'sound'])
  })

  it('go out for the sound although the node of the picture does not answer', async () => {
    await new Promise<void>((resolve) => turns.other('sound', resolve))
    expect(sent).toEqual(['picture'])
  })

  it('do not overtake the grant that they are about', async () => {
    grantSound()
    cutSound()
    expect(sent).toEqual(['picture'])
    answer()
    await setImmediate()
    expect(sent).toEqual(['picture', 'sound', 'cut'])
  })

  it('go out at once when they are about anything else', async () => {
    grantSound()
    turns.about('another', () => void sent.push('another'))
    expect(sent).toEqual(['picture', 'another'])
    answer()
    await setImmediate()
    cutSound()
    expect(sent).toEqual(['picture', 'another', 'sound', 'cut'])
  })

  it('wait for the pictures that were granted last', async () => {
    answer()
    await setImmediate()
    let second = () => {}
    turns.picture(
      () =>
        new Promise((resolve) => {
          second = resolve
        }),
    )
    grantSound()
    await setImmediate()
    expect(sent).toEqual(['picture'])
    second()
    await setImmediate()
    expect(sent).toEqual(['picture', 'sound'])
  })
})
