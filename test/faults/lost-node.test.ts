import { describe, it } from 'vitest'
import { cutAndMend, freezeAndWake } from './lost-node.ts'
import { noOwnNetwork } from './own-network.ts'

const missing = noOwnNetwork()
const skipped = missing === null ? '' : ` (skipped: ${missing})`

describe('a node that is frozen in the middle of a film', () => {
  it('with its ffmpeg: others make what it owes, and it is a good node again when it wakes', () =>
    freezeAndWake(true))
})

describe.skipIf(missing !== null)(`a node that is cut off in the middle of a film${skipped}`, () => {
  it('is lost within two seconds, others make what it owes, and it goes on when its link is back', () =>
    cutAndMend())
})
