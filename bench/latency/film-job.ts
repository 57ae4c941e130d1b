import { segmentSeconds, transcoderArguments } from '../../src/cli/demo/transcoder-arguments.ts'

/** The arguments with which Plex would have a 1080p30 film made into 720p, in segments of 3 s. */
export function jobArguments(clip: string, serverUrl: string): string[] {
  return filmArguments(clip, `${serverUrl}/video/:/transcode/session/bench/${segmentSeconds}`)
}

/** The same, with all of the address to which the job reports. */
export function filmArguments(clip: string, jobUrl: string): string[] {
  const stream = { language: 'und' }
  return transcoderArguments(
    {
      path: clip,
      picture: { ...stream, index: 0, decoder: 'h264', width: 1280, height: 720, rate: '30' },
      sound: { ...stream, index: 1, decoder: 'aac' },
      durationSeconds: null,
    },
    jobUrl,
  )
}

/** Options of Plex's own fork, with what stands for them where FFmpeg has something. */
const forkOptions: Readonly<Record<string, readonly string[]>> = {
  '-loglevel_plex': [],
  '-progressurl': [],
  '-segment_list_separate_stream_times': [],
  '-segment_list_unfinished': [],
  '-segment_list': ['-segment_list', 'list.csv'],
}

/** The same job for an FFmpeg that is not Plex's and writes into its working directory. */
export function directArguments(clip: string): string[] {
  const args = jobArguments(clip, 'http://127.0.0.1')
  return args.flatMap((argument, index) => {
    if (args[index - 1] !== undefined && args[index - 1]! in forkOptions) return []
    return forkOptions[argument] ?? [argument]
  })
}
