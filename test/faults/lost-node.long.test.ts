import { describe, it } from 'vitest'
import { cutForAMoment, freezeAndWake } from './lost-node.ts'
import { noOwnNetwork } from './own-network.ts'

const missing = noOwnNetwork()
const skipped = missing === null ? '' : ` (skipped: ${missing})`

describe('a node that is frozen in the middle of a film', () => {
  it('with its ffmpeg: others make what it owes, and it is a good node again when it wakes', () =>
    freezeAndWake(true))

  it('without its ffmpeg: others make what it owes, and it is a good node again when it wakes', () =>
    freezeAndWake(false))
})

describe.skipIf(missing !== null)(`a node that is cut off for a moment${skipped}`, () => {
  it('is not lost, even when it is the only one', () => cutForAMoment())
})
