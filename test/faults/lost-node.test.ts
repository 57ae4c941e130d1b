import { describe, it } from 'vitest'
import { cutAndMend } from './lost-node.ts'
import { noOwnNetwork } from './own-network.ts'

const missing = noOwnNetwork()
const skipped = missing === null ? '' : ` (skipped: ${missing})`

describe.skipIf(missing !== null)(`a node that is cut off in the middle of a film${skipped}`, () => {
  it('is lost within two seconds, others make what it owes, and it goes on when its link is back', () =>
    cutAndMend())
})
