import type { Step } from './source-kit.ts'

/** Words for ffmpeg that many recipes have in common. */
export const copy = '-map 0 -c copy'
export const x264 = '-c:v libx264 -preset ultrafast -crf 20 -x264-params keyint=25:scenecut=0'
export const b264 = `${x264}:bframes=2`
export const mpeg2 = '-c:v mpeg2video -q:v 2 -g 15 -bf 2'

/** The same packets in another container. */
export const remux = (as: string, options = ''): Step => ({ as, ffmpeg: `${copy} ${options}` })

/** What was there before, and then the film. */
export const joined: Step = { as: 'ts', bytes: (film, earlier) => Buffer.concat([earlier.at(-2)!, film]) }
