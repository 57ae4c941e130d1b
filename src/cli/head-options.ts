import { resolve } from 'node:path'
import { InvalidArgumentError, Option } from 'commander'

/** Whose the head is, and which folders it may open files below, as both `head` and `up` take them. */
export interface HeadPlaceFlags {
  readonly mediaRoot: readonly string[]
  readonly transcodeRoot: readonly string[]
  readonly doorGroup?: string
  readonly user?: string
  readonly observe?: boolean
  readonly firstResponder: 'auto' | 'always' | 'off'
  readonly overload: 'local' | 'refuse' | 'share'
}

/** Names in the environment under which `up` hands them to its head. */
export const headPlaceVariables = {
  media: 'PACELINE_MEDIA_ROOTS',
  transcode: 'PACELINE_TRANSCODE_ROOTS',
  group: 'PACELINE_DOOR_GROUP',
  user: 'PACELINE_USER',
  observe: 'PACELINE_OBSERVE',
  responder: 'PACELINE_FIRST_RESPONDER',
  overload: 'PACELINE_OVERLOAD',
} as const

/** `--user`, `--door-group`; `--media-root` and `--transcode-root`, each as often as there are folders; the variables separate them by colons. */
export function headPlaceOptions(): Option[] {
  return [
    new Option('--user <name>', 'give up root and become this user').env(headPlaceVariables.user),
    new Option('--observe [on]', 'run no job, and write down what would be done')
      .argParser(onOrOff)
      .preset('on')
      .env(headPlaceVariables.observe),
    new Option('--first-responder <when>', 'whether this machine works where no node can')
      .choices(['auto', 'always', 'off'])
      .default('auto')
      .env(headPlaceVariables.responder),
    new Option('--overload <how>', 'what becomes of a job for which the nodes have no room')
      .choices(['local', 'refuse', 'share'])
      .default('local')
      .env(headPlaceVariables.overload),
    new Option('--door-group <group>', "group of the shim's socket: the media server's").env(
      headPlaceVariables.group,
    ),
    listOption(
      '--media-root <folder>',
      'open media below this folder oneself, being faster (several times)',
    ).env(headPlaceVariables.media),
    listOption('--transcode-root <folder>', 'write below this folder oneself (several times)').env(
      headPlaceVariables.transcode,
    ),
  ]
}

function onOrOff(text: string): boolean {
  if (text !== 'on' && text !== 'off') throw new InvalidArgumentError('Either on or off.')
  return text === 'on'
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
export function headPlaceEnvironment({
  mediaRoot,
  transcodeRoot,
  doorGroup,
  user,
  observe,
  firstResponder,
  overload,
}: HeadPlaceFlags): Record<string, string> {
  return {
    [headPlaceVariables.media]: mediaRoot.join(':'),
    [headPlaceVariables.transcode]: transcodeRoot.join(':'),
    ...(observe !== undefined && { [headPlaceVariables.observe]: observe ? 'on' : 'off' }),
    [headPlaceVariables.responder]: firstResponder,
    [headPlaceVariables.overload]: overload,
    ...(user !== undefined && { [headPlaceVariables.user]: user }),
    ...(doorGroup !== undefined && { [headPlaceVariables.group]: doorGroup }),
  }
}
