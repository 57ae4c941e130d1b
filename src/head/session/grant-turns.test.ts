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

  it('wait for what pictures need, and those about them as well', async () => {
    let meet = () => {}
    const ready = new Promise<void>((resolve) => {
      meet = resolve
    })
    turns.pictureAfter('next', ready, async () => void sent.push('next'))
    turns.about('next', () => void sent.push('cut next'))
    answer()
    await setImmediate()
    expect(sent).toEqual(['picture'])
    meet()
    await setImmediate()
    expect(sent).toEqual(['picture', 'next', 'cut next'])
    turns.about('next', () => void sent.push('at once'))
    expect(sent.at(-1)).toBe('at once')
  })

  it('are not sent for pictures whose needs cannot be met, and hold up no others', async () => {
    turns.pictureAfter('next', Promise.reject(new Error('no text')), async () => void sent.push('next'))
    grantSound()
    answer()
    await setImmediate()
    expect(sent).toEqual(['picture', 'sound'])
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
