import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { connectHead } from '../../src/cluster/connect-head.ts'
import { connectNode } from '../../src/cluster/connect-node.ts'
import { startNatsServer } from '../../src/cluster/nats-server.ts'
import { beatOf, endedReport, grant, startTestCluster, until } from './cluster-fixture.ts'

it('head and node find each other again after the server was away, and nothing from in between comes late', async () => {
  const cluster = await startTestCluster()
  onTestFinished(() => cluster.close())
  const token = await cluster.admit('patient')
  const told: string[] = []
  const head = await connectHead(cluster.headAccess, {
    onDown: () => told.push('down'),
    onUp: () => told.push('up'),
  })
  const node = await connectNode(token)
  onTestFinished(() => Promise.all([head.close(), node.close()]).then(() => undefined))
  const boots: string[] = []
  const reports: string[] = []
  const orders: string[] = []
  await head.onBeats((beat) => void boots.push(beat.boot))
  await head.serveReports((report) => void reports.push(report.attempt))
  await node.serveOrders((order) => {
    if ('attempt' in order) orders.push(order.attempt)
    return { ok: true }
  })

  await cluster.server.close()
  await until(() => !head.isUp() && !node.isUp())
  node.publishBeat(beatOf(token.id, { boot: 'in between' }))
  const startedAt = performance.now()
  expect(await head.sendOrder(token.id, grant, 5_000)).toMatchObject({ answered: false, why: 'disconnected' })
  expect(await node.sendReport(endedReport(token.id, { attempt: 'in between' }), 5_000)).toBe(false)
  expect(performance.now() - startedAt).toBeLessThan(500)

  const server = await startNatsServer({
    dataFolder: cluster.folder,
    port: cluster.server.port,
    users: cluster.credentials.users(),
    certificate: cluster.certificate,
  })
  onTestFinished(server.close)
  expect(await until(() => head.isUp() && node.isUp())).toBeLessThan(1_500)
  // A beat is said once: the first ones may come before the head listens again.
  await until(() => {
    node.publishBeat(beatOf(token.id, { boot: 'afterwards' }))
    return boots.length > 0
  })
  expect(await head.sendOrder(token.id, { ...grant, attempt: 'afterwards' }, 2_000)).toMatchObject({
    answered: true,
  })
  expect(await node.sendReport(endedReport(token.id, { attempt: 'afterwards' }), 2_000)).toBe(true)
  await sleep(100)
  expect({ boots: [...new Set(boots)], orders, reports }).toEqual({
    boots: ['afterwards'],
    orders: ['afterwards'],
    reports: ['afterwards'],
  })
  expect(told).toEqual(['down', 'up'])
})
