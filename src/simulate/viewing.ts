/** Somebody watches something that has to be transcoded. */
export interface Viewing {
  readonly id: string
  readonly atSeconds: number
  /** Seconds of source that are watched, at most to the end of the title. */
  readonly watchSeconds: number
  /** Seconds of source from where it begins to the end of the title. */
  readonly titleSeconds: number
  /** Each begins when so much has been watched. */
  readonly pauses: readonly Pause[]
  /** Work for a second of source; see FleetNode. */
  readonly demand: number
  readonly platforms: readonly string[]
}

export interface Pause {
  readonly afterSeconds: number
  readonly seconds: number
}

/** A time in which a viewer plays without a pause, if nothing stalls. */
export interface Stretch {
  readonly fromSeconds: number
  readonly toSeconds: number
}

/** When a viewing that starts at once and never stalls plays. */
export function stretchesOf({ atSeconds, watchSeconds, pauses }: Viewing): Stretch[] {
  const stretches: Stretch[] = []
  let clock = atSeconds
  let watched = 0
  for (const { afterSeconds, seconds } of [
    ...pauses.filter((pause) => pause.afterSeconds < watchSeconds),
    { afterSeconds: watchSeconds, seconds: 0 },
  ]) {
    const toSeconds = clock + afterSeconds - watched
    if (toSeconds > clock) stretches.push({ fromSeconds: clock, toSeconds })
    clock = toSeconds + seconds
    watched = afterSeconds
  }
  return stretches
}
