import { expect, test } from 'vitest'
import { createProofDesk } from './proof-desk.ts'

/** A desk whose proofs end when the test says how. */
function desk() {
  const ends: ((result: readonly string[] | Error) => void)[] = []
  const told: unknown[] = []
  const proof = createProofDesk({
    platforms: ['software'],
    prove: () =>
      new Promise((resolve, reject) => {
        ends.push((result) => (result instanceof Error ? reject(result) : resolve(result)))
      }),
    onProved: (platforms) => told.push(platforms),
    onFault: (error) => told.push(error),
  })
  return { proof, ends, told, settled: () => new Promise((resolve) => setImmediate(resolve)) }
}

test('what was proved at the start counts as the first proof', () => {
  const { proof, ends } = desk()
  expect([proof.platforms, proof.proofs, ends.length]).toEqual([['software'], 1, 0])
})

test('a new proof takes the place of the former when it is over, and is told', async () => {
  const { proof, ends, told, settled } = desk()
  proof.again()
  expect([proof.platforms, proof.proofs, told]).toEqual([['software'], 1, []])
  ends[0]!([])
  await settled()
  expect([proof.platforms, proof.proofs, told]).toEqual([[], 2, [[]]])
  proof.again()
  ends[1]!(['software', 'jetson'])
  await settled()
  expect([proof.platforms, proof.proofs]).toEqual([['software', 'jetson'], 3])
})

test('asking while one is under way asks for no other', async () => {
  const { proof, ends, settled } = desk()
  proof.again()
  proof.again()
  expect(ends).toHaveLength(1)
  ends[0]!(['software'])
  await settled()
  proof.again()
  expect(ends).toHaveLength(2)
})

test('a proof that cannot be carried out changes nothing, is told, and may be tried again', async () => {
  const { proof, ends, told, settled } = desk()
  proof.again()
  ends[0]!(new Error('no more processes'))
  await settled()
  expect([proof.platforms, proof.proofs, String(told[0])]).toEqual([
    ['software'],
    1,
    'Error: no more processes',
  ])
  proof.again()
  expect(ends).toHaveLength(2)
})
