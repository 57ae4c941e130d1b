import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What the machine calls itself, by its device tree or by its processor; empty where it does not say. */
export async function machineModel(proc = '/proc'): Promise<string> {
  const board = (await readText(join(proc, 'device-tree', 'model'))).replaceAll('\0', '')
  if (board !== '') return board
  const processor = /^model name\s*:\s*(.*)$/m.exec(await readText(join(proc, 'cpuinfo')))
  return processor?.[1]?.trim() ?? ''
}

/** Trimmed; empty where there is nothing to be read. */
async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => '',
  )
}
