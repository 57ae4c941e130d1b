// What snmpd asks for the tables of RFC 3621 (its `pass_persist` protocol): ports from a JSON file, and what follows
// when one is enabled. Usage: poe-agent.js PORTS.json
import { readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const [file = ''] = process.argv.slice(2)
const entry = '.1.3.6.1.2.1.105.1.1.1'
const consumption = '.1.3.6.1.2.1.105.1.3.1.1.4.1'
const boardWatts = 6

/** @typedef {{ admin: number, load: 'board' | 'never' | 'fault' }} Port */
/** @returns {Record<string, Port>} */
const readPorts = () => JSON.parse(readFileSync(file, 'utf8'))

/** @param {Port} port */
const detectionOf = ({ admin, load }) => (admin === 2 ? 1 : { board: 3, never: 2, fault: 4 }[load])

/** @param {string} identifier */
function readObject(identifier) {
  const ports = readPorts()
  if (identifier === consumption)
    return Object.values(ports).filter((port) => detectionOf(port) === 3).length * boardWatts
  const [column, group, number = ''] = identifier.slice(entry.length + 1).split('.')
  const port = group === '1' ? ports[number] : undefined
  if (port === undefined || !identifier.startsWith(entry)) return undefined
  return { 3: port.admin, 6: detectionOf(port) }[Number(column)]
}

/**
 * @param {string} identifier
 * @param {string} word type and value
 */
function setObject(identifier, word) {
  const [type, value] = word.split(' ')
  const number = identifier.split('.').at(-1) ?? ''
  const ports = readPorts()
  const port = ports[number]
  if (port === undefined || !identifier.startsWith(`${entry}.3.1.`)) return 'not-writable'
  if (type !== 'integer') return 'wrong-type'
  if (value !== '1' && value !== '2') return 'wrong-value'
  port.admin = Number(value)
  writeFileSync(file, JSON.stringify(ports))
  return 'DONE'
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const next = async () => (await lines.next()).value ?? ''
for await (const word of lines) {
  // A `set` is followed by an empty line, which asks for nothing.
  if (word === 'PING') console.log('PONG')
  if (word === 'getnext') {
    await next()
    console.log('NONE')
  }
  if (word === 'set') console.log(setObject(await next(), await next()))
  if (word === 'get') {
    const identifier = await next()
    const value = readObject(identifier)
    console.log(value === undefined ? 'NONE' : `${identifier}\ninteger\n${value}`)
  }
}
