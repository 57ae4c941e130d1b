import { join } from 'node:path'
import { z } from 'zod'
import { readFileIfThere, writePrivateFile } from '../cluster/private-file.ts'

const portNumber = z.int().min(0).max(65_535)
const keptPorts = z.object({ nats: portNumber, data: portNumber })

/** Ports that the head listens on; 0 is the kernel's choice. */
export type Ports = z.infer<typeof keptPorts>

/**
 * The ports of the last start, so that nodes find the head again after a restart; zeros at the first, and where the
 * file cannot be understood: a head on other ports is better than none.
 */
export async function readKeptPorts(dataFolder: string): Promise<Ports> {
  const text = await readFileIfThere(portsPath(dataFolder))
  const kept = keptPorts.safeParse(text === undefined ? null : parseJson(text))
  return kept.success ? kept.data : { nats: 0, data: 0 }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Remembers the ports for readKeptPorts, whole or not at all. Throws what the file system says. */
export async function keepPorts(dataFolder: string, ports: Ports): Promise<void> {
  await writePrivateFile(portsPath(dataFolder), `${JSON.stringify(ports)}\n`)
}

/**
 * Opens something on the kept port, and on any other when somebody else has taken it meanwhile; a port that the
 * user has named is used or the error is thrown. `onTaken` is told of the kept port that was lost.
 */
export async function openOnPort<T>(
  port: { readonly named: number | undefined; readonly kept: number },
  open: (port: number) => Promise<T>,
  onTaken: (kept: number) => void = () => {},
): Promise<T> {
  if (port.named !== undefined) return open(port.named)
  if (port.kept === 0) return open(0)
  try {
    return await open(port.kept)
  } catch (error) {
    if (!/EADDRINUSE|address already in use/.test(String((error as Error).message))) throw error
    onTaken(port.kept)
    return open(0)
  }
}

const portsPath = (dataFolder: string): string => join(dataFolder, 'ports.json')
