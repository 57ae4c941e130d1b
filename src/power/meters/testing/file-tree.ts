import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder with files in it that stands for a mount point of the kernel's. */
export class FileTree {
  readonly root = mkdtempSync(join(tmpdir(), 'paceline-sysfs-'))

  constructor(files: Readonly<Record<string, string | number>> = {}) {
    this.write(files)
  }

  /** Writes files by path, with the end of line that the kernel puts behind what it says. */
  write(files: Readonly<Record<string, string | number>>): this {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true })
      writeFileSync(join(this.root, path), `${text}\n`)
    }
    return this
  }

  delete(path: string): void {
    rmSync(join(this.root, path), { recursive: true })
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}
