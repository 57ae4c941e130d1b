import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import typescript from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectHead } from '../../src/cluster/connect-head.ts'
import type { Beat } from '../../src/cluster/messages.ts'
import { grant, startTestCluster, type TestCluster, until } from './cluster-fixture.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)
/** As on a node: nothing of the tests' environment that makes Node larger or slower. */
const environment = { PATH: process.env.PATH }

let cluster: TestCluster
let folder: string

beforeAll(async () => {
  cluster = await startTestCluster()
  // Below node_modules, so that packages are found as they are from the project.
  folder = await mkdtemp(join(root, 'node_modules', '.paceline-test-'))
  await transpileTo(folder)
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await cluster.close()
})

/** The room and the errors as plain JavaScript, as the build makes them but without waiting for it. */
async function transpileTo(target: string): Promise<void> {
  const source = join(root, 'src')
  const files = await readdir(join(source, 'cluster'))
  const modules = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  const compilerOptions = {
    module: typescript.ModuleKind.ESNext,
    target: typescript.ScriptTarget.ES2023,
    rewriteRelativeImportExtensions: true,
    verbatimModuleSyntax: true,
  }
  await writeFile(join(target, 'package.json'), '{"type":"module"}')
  await typescript.sys.createDirectory(join(target, 'cluster'))
  for (const path of ['errors.ts', ...modules.map((file) => join('cluster', file))]) {
    const { outputText } = typescript.transpileModule(await readFile(join(source, path), 'utf8'), {
      compilerOptions,
    })
    await writeFile(join(target, path.replace(/\.ts$/, '.js')), outputText)
  }
}

/** Every file that Node compiles when it imports `modules`, as its own debugger tells. */
async function loadedBy(...modules: readonly string[]): Promise<string[]> {
  const script = join(folder, 'list.js')
  const imports = modules.map((module) => `await import('./cluster/${module}')`)
  await writeFile(
    script,
    `import { Session } from 'node:inspector'
const session = new Session()
const urls = []
session.connect()
session.on('Debugger.scriptParsed', ({ params }) => urls.push(params.url))
session.post('Debugger.enable')
${imports.join('\n')}
process.stdout.write(JSON.stringify(urls))
process.exit()`,
  )
  const { stdout } = await run(process.execPath, [script], { env: environment, maxBuffer: 16 * 2 ** 20 })
  return JSON.parse(stdout) as string[]
}

const inPackage = (name: string) => (url: string) => url.includes(`/node_modules/${name}/`)

describe('the node’s side', () => {
  it('loads the NATS client, but neither zod nor JetStream nor buckets', async () => {
    const loaded = await loadedBy('connect-node.js', 'join-token.js', 'node-credentials.js')
    expect(loaded.some(inPackage('@nats-io/transport-node'))).toBe(true)
    const unwanted = ['zod', '@nats-io/jetstream', '@nats-io/kv', 'pino', 'fastify']
    for (const name of unwanted) expect(loaded.filter(inPackage(name)), name).toEqual([])
  })

  it('differs in that from the head’s side, so the list sees what it looks for', async () => {
    const loaded = await loadedBy('connect-head.js', 'ledger.js')
    for (const name of ['zod', '@nats-io/jetstream', '@nats-io/kv'])
      expect(loaded.some(inPackage(name)), name).toBe(true)
  })

  it('stays under 80 MB while it beats and answers orders', async () => {
    const token = await cluster.admit('small')
    const beats: Beat[] = []
    const head = await connectHead(cluster.headAccess)
    await head.onBeats((beat) => void beats.push(beat))
    const script = join(folder, 'agent.js')
    await writeFile(script, agentProgram)
    const agent = run(process.execPath, [script, JSON.stringify(token)], { env: environment })
    await until(() => beats.length > 0, 10_000)
    for (let order = 0; order < 500; order++) {
      expect(await head.sendOrder(token.id, grant, 2_000)).toMatchObject({ answered: true })
    }
    await head.sendOrder(token.id, { type: 'cancel', attempt: 'the end' }, 2_000)
    const { stdout } = await agent
    const residentMb = Number(stdout) / 2 ** 20
    console.info(`an agent's connection: ${residentMb.toFixed(1)} MB resident`)
    expect(residentMb).toBeGreaterThan(20)
    expect(residentMb).toBeLessThan(80)
    await head.close()
  })
})

const agentProgram = `
import { connectNode } from './cluster/connect-node.js'
const token = JSON.parse(process.argv[2])
const node = await connectNode(token)
await node.serveOrders((order) => {
  if (order.type === 'cancel') {
    clearInterval(timer)
    setTimeout(() => {
      process.stdout.write(String(process.memoryUsage.rss()))
      node.close()
    }, 20)
  }
  return { ok: true }
})
const beat = { node: token.id, name: token.name, boot: 'b', contract: 1, version: '1', platforms: [], cores: 1, leases: [] }
const timer = setInterval(() => node.publishBeat(beat), 100)
`
