import { expect, it } from 'vitest'
import { createRefusalLog } from '../refusal-log.ts'
import { createNatsViolations } from './nats-violations.ts'

function listen() {
  const told: object[] = []
  const refusals = createRefusalLog({ warn: (fields) => void told.push(fields) }, () => 0)
  return { told, violations: createNatsViolations(refusals) }
}

const line = (port: number, words: string): string =>
  `[30246] 2026/01/02 22:41:50.757166 [ERR] 127.0.0.1:${port} - cid:5 - "v3:js:attic" - ${words}`

it.each([
  ['Publish Violation - Nkey "UABC", Subject "paceline.beat.other"', 'E_NODE_SUBJECT', 'paceline.beat.other'],
  ['Subscription Violation - Nkey "UABC", Subject ">", SID 1', 'E_NODE_SUBJECT', '>'],
  ['maximum payload exceeded: 2097152 vs 1048576', 'E_TOO_LARGE', '2097152 bytes'],
  ['Client parser ERROR, state=0, i=0: proto=\'"GET /"...\'', 'E_NODE_MESSAGE', 'no protocol of NATS'],
])('what the server refuses is told once, by the name of the node: %s', (words, code, what) => {
  const { told, violations } = listen()
  violations.passedOn(40_900, 'attic')
  for (let n = 0; n < 10; n++) violations.heard(line(40_900, words))
  expect(told).toEqual([{ code, who: 'attic', what }])
})

it('a line about anybody else, or about nothing that was refused, is not told', () => {
  const { told, violations } = listen()
  violations.passedOn(40_900, 'attic')
  violations.heard(line(40_901, 'Publish Violation - Nkey "UABC", Subject "x"'))
  violations.heard(line(40_900, 'authentication error'))
  violations.heard('[1] 2026/01/02 22:41:49.58 [INF] Server is ready')
  expect(told).toEqual([])
})

it('a port is that of the node that has had it last, and old ones are forgotten', () => {
  const { told, violations } = listen()
  violations.passedOn(5, 'gone')
  for (let port = 10; port < 2_000; port++) violations.passedOn(port, 'attic')
  violations.passedOn(1_999, 'loft')
  for (const port of [5, 1_999]) violations.heard(line(port, 'maximum payload exceeded: 9 vs 1'))
  expect(told).toMatchObject([{ who: 'loft' }])
})
