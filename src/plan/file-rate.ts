import type { VideoStream } from '../media/media-info.ts'
import { parseFrameRate, type Rational } from '../media/rational.ts'
import type { FilePackaging } from './plan.ts'
import { NotPlannable } from './refusal.ts'
import { guessedRate, hasConstantRate, isClose } from './source.ts'

/**
 * Rate of a whole file, of `-r` where there is one: FFmpeg writes MP4 at a constant rate, and Matroska at the film's own
 * unless frames have to be left out. Throws NotPlannable.
 */
export function fileRate(text: string | null, picture: VideoStream, { format }: FilePackaging): Rational {
  const rate = text === null ? guessedRate(picture) : parseFrameRate(text)
  if (!rate) throw new NotPlannable('frame-rate', text === null ? 'the film tells none' : `-r ${text}`)
  const keepsTimes = format === 'matroska'
  if (keepsTimes && !hasConstantRate(picture)) {
    throw new NotPlannable('frame-rate', 'the film has a variable one, and the file would keep it')
  }
  if (keepsTimes && !isClose(rate, picture.realRate!)) {
    throw new NotPlannable('frame-rate', `-r ${text} of a film of another rate`)
  }
  return keepsTimes ? picture.realRate! : rate
}
