import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Root of the clone, from the sources as well as from what is compiled of them below `.cache`. */
export const projectFolder = rootAbove(import.meta.dirname)

function rootAbove(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  if (dirname(folder) === folder) throw new Error('this is no clone of the project')
  return rootAbove(dirname(folder))
}
