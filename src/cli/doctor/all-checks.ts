import { shimPath } from '../shim-path.ts'
import type { Check } from './check.ts'
import { dataFolderCheck, diskRoomCheck } from './data-folder-checks.ts'
import { encodeCheck } from './encode-check.ts'
import { abilityCheck, versionCheck } from './ffmpeg-checks.ts'
import { headCheck } from './head-check.ts'
import { installationCheck } from './installation-check.ts'
import { natsCheck } from './nats-check.ts'
import { nodeCheck } from './node-check.ts'
import { setprivCheck } from './setpriv-check.ts'
import { shimCheck } from './shim-check.ts'

/** Everything that `paceline doctor` looks at: programs first, since the rest needs them. */
export function allChecks(options: {
  readonly dataFolder: string
  readonly ffmpeg: string
}): readonly Check[] {
  const { dataFolder, ffmpeg } = options
  return [
    nodeCheck(),
    versionCheck('ffmpeg', ffmpeg),
    versionCheck('ffprobe', 'ffprobe'),
    abilityCheck(ffmpeg),
    natsCheck(),
    setprivCheck(),
    shimCheck(shimPath()),
    dataFolderCheck(dataFolder),
    diskRoomCheck(dataFolder),
    installationCheck(dataFolder),
    headCheck(dataFolder),
    encodeCheck(ffmpeg),
  ]
}
