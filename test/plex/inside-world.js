// Runs in the other world of other-world.ts: carries the media server's loopback in, and starts jobs as it would.
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'

const outside = String(process.argv[2])
const relay = createServer((inner) => {
  const outer = connect(outside)
  inner.on('error', () => outer.destroy())
  outer.on('error', () => inner.destroy())
  inner.pipe(outer)
  outer.pipe(inner)
})
const jobs = new Map()
/** @param {object} said */
const tell = (said) => process.stdout.write(`${JSON.stringify(said)}\n`)

relay.listen(0, '127.0.0.1', () => {
  const address = relay.address()
  if (address !== null && typeof address === 'object') tell({ port: address.port })
})
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, program, args, cwd, env, signal } = JSON.parse(line)
  if (signal) return void jobs.get(id)?.kill(signal)
  mkdirSync(cwd)
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  jobs.set(id, child)
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  child.stdout.resume()
  child.on('error', (error) => tell({ id, exit: null, signal: null, stderr: String(error) }))
  child.on('close', (exit, by) => tell({ id, exit, signal: by, stderr }))
})
process.stdin.on('close', () => process.exit())
