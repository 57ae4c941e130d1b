import { resolve } from 'node:path'
import { Option } from 'commander'

/** Folders that the head may open files below, as both `head` and `up` take them. */
export interface RootFlags {
  readonly mediaRoot: readonly string[]
  readonly transcodeRoot: readonly string[]
  readonly doorGroup?: string
}

/** Names in the environment under which `up` hands them to its head. */
export const rootVariables = {
  media: 'PACELINE_MEDIA_ROOTS',
  transcode: 'PACELINE_TRANSCODE_ROOTS',
  group: 'PACELINE_DOOR_GROUP',
} as const

/** `--door-group`; `--media-root` and `--transcode-root`, each as often as there are folders; the variables separate them by colons. */
export function rootOptions(): Option[] {
  return [
    new Option('--door-group <group>', "group of the shim's socket: the media server's").env(
      rootVariables.group,
    ),
    listOption(
      '--media-root <folder>',
      'open media below this folder oneself, being faster (several times)',
    ).env(rootVariables.media),
    listOption('--transcode-root <folder>', 'write below this folder oneself (several times)').env(
      rootVariables.transcode,
    ),
  ]
}

function listOption(flags: string, description: string): Option {
  const named: string[] = []
  return new Option(flags, description).default([]).argParser((text: string) => {
    named.push(
      ...text
        .split(':')
        .filter(Boolean)
        .map((folder) => resolve(folder)),
    )
    return [...named]
  })
}

/** The same again, for a head in another process. */
export function rootEnvironment({ mediaRoot, transcodeRoot, doorGroup }: RootFlags): Record<string, string> {
  return {
    [rootVariables.media]: mediaRoot.join(':'),
    [rootVariables.transcode]: transcodeRoot.join(':'),
    ...(doorGroup !== undefined && { [rootVariables.group]: doorGroup }),
  }
}
