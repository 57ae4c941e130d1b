import { afterAll, beforeAll, describe, it } from 'vitest'
import { expectSeamlessSource } from './expect-source.ts'
import { LeaseRunner } from './lease-runner.ts'
import { nameOf, remainingSources } from './matrix.ts'

let runner: LeaseRunner

beforeAll(async () => {
  runner = await LeaseRunner.open()
})

afterAll(() => runner.close())

describe('leases cut anywhere give what one uncut lease gives', () => {
  it.each(remainingSources.map((source) => [nameOf(source), source] as const))(
    'from %s',
    async (_, source) => {
      await expectSeamlessSource(runner, source)
    },
  )
})
