import { mkdir, readFile, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FoundTranscoder } from './find-transcoder.ts'
import { insideRoot } from './inside-root.ts'
import type { Shim } from './put-in-place.ts'
import { type StepListener, writeWhole } from './write-beside.ts'

/** Containers of linuxserver.io run each file in this folder at every start, as root and before the media server. */
const scriptsFolder = '/custom-cont-init.d'
/** A name that their loop over the folder's files does not see. */
const keptFolder = `${scriptsFolder}/.paceline`
const scriptName = '50-paceline'

/** What only their images have. */
const signsOfLinuxserver = ['/etc/s6-overlay/s6-rc.d/init-custom-files', '/docker-mods']

/** The script that puts the shim back in place when a container has been made anew. */
export interface StartUpScript {
  /** Whether this root folder is that of such a container. */
  fits(): Promise<boolean>
  /** Whether the folder comes from outside of the container, and so outlives it. */
  outlivesContainer(): Promise<boolean>
  /** Path on this machine; null where there is none. */
  path(): Promise<string | null>
  /** Writes it, the shim and the address of the head. Rejects with what the system says. */
  put(shim: Shim, socket: string, onStep: StepListener): Promise<string>
  /** Leaves nothing of it. Rejects with what the system says. */
  remove(onStep: StepListener): Promise<void>
}

export function startUpScriptOf({ root, inside }: FoundTranscoder): StartUpScript {
  const at = async (path: string) => (await insideRoot(root, path)) ?? join(root, path)
  const isThere = async (path: string) => (await stat(await at(path)).catch(() => null)) !== null
  const scriptPath = () => at(`${scriptsFolder}/${scriptName}`)
  return {
    async fits() {
      if (root === '/') return false
      const signs = await Promise.all([scriptsFolder, ...signsOfLinuxserver].map(isThere))
      return signs.includes(true)
    },
    async outlivesContainer() {
      const folder = await stat(await at(scriptsFolder)).catch(() => null)
      return folder !== null && folder.dev !== (await stat(root)).dev
    },
    path: async () => ((await isThere(`${scriptsFolder}/${scriptName}`)) ? scriptPath() : null),
    async put(shim, socket, onStep) {
      const madeFolder = !(await isThere(scriptsFolder))
      const kept = await at(keptFolder)
      onStep('make the folder of the start-up script')
      await mkdir(kept, { recursive: true, mode: 0o755 })
      const own = { uid: process.getuid!(), gid: process.getgid!(), mode: 0o644 }
      if (madeFolder) await writeWhole(join(kept, 'made-folder'), '', own)
      onStep('write the shim for the start-up script')
      await writeWhole(join(kept, 'paceline-shim'), shim.bytes, { ...own, mode: 0o755 })
      await writeWhole(join(kept, 'head'), `unix:${socket}\n`, own)
      onStep('write the start-up script')
      await writeWhole(await scriptPath(), scriptText(inside), { ...own, mode: 0o755 })
      return scriptPath()
    },
    async remove(onStep) {
      const kept = await at(keptFolder)
      const madeFolder = (await readFile(join(kept, 'made-folder')).catch(() => null)) !== null
      onStep('remove the start-up script')
      await rm(await scriptPath(), { force: true })
      onStep('remove what the start-up script needed')
      await rm(kept, { recursive: true, force: true })
      if (madeFolder) await rmdir(dirname(kept)).catch(keepIfUsed)
    },
  }
}

/** Somebody has put something of theirs there meanwhile. */
function keepIfUsed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY') throw error
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** The same order of steps as in put-in-place.ts, in the shell of the container. */
export function scriptText(transcoder: string): string {
  return `#!/bin/sh
# From \`paceline install plex\`; \`paceline uninstall plex\` removes it.
# Puts the shim in the place of the transcoder when this container has been made anew or updated.
set -eu
kept=${quoted(keptFolder)}
transcoder=${quoted(transcoder)}
beside="$transcoder.paceline-$(od -An -N6 -tx1 /dev/urandom | tr -d ' \\n')"
trap 'rm -f "$beside"' EXIT

is_shim() { grep -q PACELINE_ORIGINAL "$1"; }

if [ ! -s "$transcoder" ] || ! is_shim "$kept/paceline-shim"; then
  echo 'paceline: no transcoder here; nothing is changed'
  exit 0
fi
cp "$kept/head" "$transcoder.head"
if is_shim "$transcoder"; then
  echo 'paceline: the shim is in place'
  exit 0
fi
if ! cmp -s "$transcoder" "$transcoder.orig"; then
  ln "$transcoder" "$beside" 2>/dev/null || cp -p "$transcoder" "$beside"
  mv -f "$beside" "$transcoder.orig"
fi
# Copied for its owner and mode, and then filled with the shim.
cp -p "$transcoder.orig" "$beside"
cat "$kept/paceline-shim" > "$beside"
mv -f "$beside" "$transcoder"
echo 'paceline: the shim has been put in place'
`
}
