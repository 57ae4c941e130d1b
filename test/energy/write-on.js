// Writes into a ledger for as long as it lives: batch N adds N to the joules of one node. Says N when it is written.
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const [, , path, from, pauseMs = '0'] = process.argv
const energy = fileURLToPath(new URL('../../dist/head/energy/', import.meta.url))
const load = (/** @type {string} */ name) => import(pathToFileURL(join(energy, name)).href)
const { createLedgerDesk } = await load('ledger-desk.js')
const { startLedgerThread } = await load('start-ledger-thread.js')

const desk = createLedgerDesk({
  start: () => startLedgerThread(path),
  onPutAside: (/** @type {string} */ aside) => console.log(JSON.stringify({ aside })),
  nowMs: () => performance.now(),
})
const boot = `boot-${from}`
const cell = {
  node: 'a',
  session: '',
  state: 'idle',
  basis: 'measured',
  seconds: 1,
  work: 0,
  hour: 1,
  day: 20_261_123,
}
for (let number = Number(from); ; number++) {
  const cells = Array.from({ length: 20 }, (_, index) => ({
    ...cell,
    minute: index,
    joules: index === 0 ? number : 0,
  }))
  const batch = { boot, sequence: number, day: cell.day, minute: 20, cells, sessions: [], machines: [] }
  const before = performance.eventLoopUtilization()
  const answer = await desk.ask({ type: 'write', batch })
  const activeMs = performance.eventLoopUtilization(before).active
  const rows = answer.ok ? await desk.ask({ type: 'days', range: { from: 0, to: 99_999_999 } }) : null
  const joules = rows?.ok
    ? rows.value.nodes.reduce(
        (/** @type {number} */ sum, /** @type {{ joules: number }} */ row) => sum + row.joules,
        0,
      )
    : null
  console.log(JSON.stringify({ number, ok: answer.ok, code: answer.fault?.code ?? null, joules, activeMs }))
  await new Promise((resolve) => setTimeout(resolve, Number(pauseMs)))
}
