import type { Order } from '../../src/cluster/messages.ts'
import { startAgent } from '../../src/node/agent.ts'
import { silentLog } from '../../src/node/log.ts'
import { TestControl } from './test-control.ts'

/** An agent in a process of its own: orders come from the parent, and it answers each. */
const [headUrl = '', certificate = '', nodeCertificate = '', key = ''] = process.argv.slice(2)
const control = new TestControl()
await startAgent({
  control,
  headUrl,
  certificate,
  identity: { certificate: nodeCertificate, key },
  id: 'node-1',
  name: 'first',
  version: '0.0.0',
  platforms: ['software'],
  confinement: { faultOf: () => undefined, inputOptions: () => [] },
  log: silentLog,
  limits: { idleMs: 200 },
})
process.on('message', (order: Order) => process.send?.(control.order(order)))
process.send?.('ready')
