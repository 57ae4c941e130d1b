import { proving } from './proving.ts'

/** Reads media at so many times its own speed, so that a film takes its time on any machine. */
export const unhurried = 'exec ffmpeg -readrate 4 "$@"'

/** Goes once round the arguments and puts a filter that breaks bytes of packets before the last one, the output. */
const withNoise = [
  'count=$#',
  'for word; do',
  '  count=$((count - 1)); shift',
  '  if [ $count -eq 0 ]; then set -- "$@" -bsf:v noise=amount=20; fi',
  '  set -- "$@" "$word"',
  'done',
  'exec ffmpeg "$@"',
]

/**
 * Scripts in the place of ffmpeg, each with a fault of its own a moment after a lease has begun. What a node runs to prove
 * itself goes well: such faults show at real work only.
 */
export const badEncoders = {
  crashes: [proving, 'ffmpeg -readrate 2 "$@" & sleep 1.5; kill -SEGV $!; wait $!'].join('\n'),
  hangs: [proving, 'ffmpeg -readrate 2 "$@" & sleep 1.5; kill -STOP $!; wait $!'].join('\n'),
  'ends half-way': [proving, 'exec ffmpeg -t 3 "$@"'].join('\n'),
  'sends garbage for pictures': [proving, ...withNoise].join('\n'),
} as const
