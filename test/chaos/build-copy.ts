import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Defect } from './defects.ts'
import { projectFolder } from './project.ts'

/** The built product in a folder of its own, so that nobody's build disturbs a run, with a defect or without. */
export interface BuildCopy {
  /** What Node.js runs. */
  readonly program: string
  readonly shim: string
  remove(): Promise<void>
}

/** Copies `dist`, and plants the defect in the copy. Throws unless each of its places is there exactly once. */
export async function copyBuild(defect?: Defect): Promise<BuildCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-build-'))
  try {
    for (const name of ['dist', 'bin', 'package.json'])
      await cp(join(projectFolder, name), join(folder, name), {
        recursive: true,
        filter: (path) => !path.endsWith('.map'),
      })
    await mkdir(join(folder, 'scripts'))
    await cp(join(projectFolder, 'scripts/setup'), join(folder, 'scripts/setup'), { recursive: true })
    for (const name of ['node_modules', 'native'])
      await symlink(join(projectFolder, name), join(folder, name))
    for (const { file, find, replace } of defect?.changes ?? []) {
      const path = join(folder, 'dist', file)
      await writeFile(path, replaceOnce(await readFile(path, 'utf8'), find, replace, file))
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  return {
    program: join(folder, 'bin', 'paceline.js'),
    shim: join(projectFolder, 'native/shim/build/paceline-shim'),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Throws unless `find` is there, and once only: a defect that is planted elsewhere, or nowhere, proves nothing. */
export function replaceOnce(text: string, find: string, replace: string, where: string): string {
  const count = text.split(find).length - 1
  if (count !== 1) throw new Error(`${where} has ${count} places with: ${find}`)
  return text.replace(find, () => replace)
}
