import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectSeamlessSource } from './expect-source.ts'
import { LeaseRunner } from './lease-runner.ts'
import { allSources, coreSources, nameOf, remainingSources } from './matrix.ts'

let runner: LeaseRunner

beforeAll(async () => {
  runner = await LeaseRunner.open()
})

afterAll(() => runner.close())

describe('leases cut anywhere give what one uncut lease gives', () => {
  it.each(coreSources.map((source) => [nameOf(source), source] as const))('from %s', async (_, source) => {
    await expectSeamlessSource(runner, source)
  })

  it('has the rest of the matrix among the long tests', () => {
    expect(new Set(coreSources.map(nameOf)).size).toBe(coreSources.length)
    expect(remainingSources.length + coreSources.length).toBe(allSources.length)
    expect(allSources.length).toBe(48)
  })
})
