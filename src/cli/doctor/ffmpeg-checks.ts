import { type Check, type Finding, ill, well } from './check.ts'
import { lastWords, runTool, type ToolRun } from './run-tool.ts'

/** The first release with `-fps_mode`, which every lease has. */
const oldest = { major: 5, minor: 1 }

const install = 'Install it: apt-get install ffmpeg.'

/** Whether ffmpeg or ffprobe is there and new enough. */
export function versionCheck(tool: 'ffmpeg' | 'ffprobe', program: string): Check {
  return { name: tool, look: async () => judgeVersion(tool, await runTool(program, ['-version']), program) }
}

/** Builds between releases have a commit in place of a number: they are taken for new. */
export function judgeVersion(tool: string, run: ToolRun, program = tool): Finding {
  if (run.problem === 'ENOENT')
    return ill(program.includes('/') ? `${program} is not there` : 'not found on the search path', install)
  const version = new RegExp(`^${tool} version (\\S+)`).exec(run.stdout)?.[1]
  if (run.code !== 0 || version === undefined) return ill(`cannot be run: ${lastWords(run)}`, install)
  const [, major, minor] = /^n?(\d+)\.(\d+)/.exec(version) ?? []
  if (major === undefined) return well(`${version}, a build between releases`)
  const isOld =
    Number(major) < oldest.major || (Number(major) === oldest.major && Number(minor) < oldest.minor)
  if (!isOld) return well(version)
  return ill(
    `${version}, older than ${oldest.major}.${oldest.minor}`,
    `Install ${oldest.major}.${oldest.minor} or newer; Debian 12 has it. Its place can be named with --ffmpeg.`,
  )
}

interface Ability {
  /** ffmpeg's own option that lists them. */
  readonly option: string
  readonly what: string
  readonly wanted: readonly string[]
}

/** What leases are made of. */
const abilities: readonly Ability[] = [
  { option: '-encoders', what: 'encoder', wanted: ['libx264', 'libx265', 'aac'] },
  { option: '-filters', what: 'filter', wanted: ['fps', 'trim', 'scale', 'format', 'aresample', 'atrim'] },
  { option: '-muxers', what: 'muxer', wanted: ['ssegment', 'mpegts'] },
]

/** Whether ffmpeg has the encoders, filters and muxers that leases use. */
export function abilityCheck(program: string): Check {
  return {
    name: 'what ffmpeg can do',
    async look() {
      const runs = await Promise.all(
        abilities.map(async (ability) => ({
          ability,
          run: await runTool(program, ['-hide_banner', ability.option]),
        })),
      )
      const silent = runs.find(({ run }) => run.code !== 0)
      if (silent) return ill(`it could not be asked: ${lastWords(silent.run)}`, install)
      return judgeAbilities(runs.flatMap(({ ability, run }) => missing(ability, run.stdout)))
    },
  }
}

function judgeAbilities(lacking: readonly string[]): Finding {
  if (lacking.length > 0) {
    return ill(
      `no ${lacking.join(', no ')}`,
      "Use Debian's package (apt-get install ffmpeg) or a full build.",
    )
  }
  return well(abilities.map(({ wanted }) => wanted.join(', ')).join('; '))
}

/** Those of the wanted that the listing lacks, e.g. `encoder libx265`. Rows are `flags name description`. */
export function missing({ what, wanted }: Omit<Ability, 'option'>, listing: string): string[] {
  const names = new Set(
    listing.split('\n').flatMap((row) => /^\s*\S+\s+(\S+)/.exec(row)?.[1]?.split(',') ?? []),
  )
  return wanted.filter((name) => !names.has(name)).map((name) => `${what} ${name}`)
}
