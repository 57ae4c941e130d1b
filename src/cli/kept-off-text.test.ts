import { expect, it } from 'vitest'
import { nodesText } from './commands/nodes.ts'
import { keptOffText } from './kept-off-text.ts'

const keptOff = { work: 'software: hevc 10-bit to h264', reason: 'it crashed', proofInSeconds: 12 }
const line =
  'loft: E_NODE_TRUST: kept off "software: hevc 10-bit to h264", which it failed at (it crashed); it proves itself in 12 s\n'

it('what a node is kept off is said on a line, with why and until when', () => {
  expect(keptOffText('loft', keptOff)).toBe(line)
})

it('the list of nodes has it below the table', () => {
  const node = { id: 'n1', name: 'loft', state: 'ready', version: '1', cores: 4, platforms: [], leases: 0 }
  const trusted = nodesText([{ ...node, keptOff: [] }])
  expect(trusted).not.toContain('E_NODE_TRUST')
  expect(nodesText([{ ...node, keptOff: [keptOff] }])).toBe(`${trusted}\n${line}`)
})
