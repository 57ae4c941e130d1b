import type { PowerProfile } from '../placement/power/power-profile.ts'

/** A kind of computer. Work is counted in streams of 1080p at 24 frames a second unless a fleet says otherwise. */
export interface Board {
  readonly capacity: number
  readonly profile: PowerProfile
  readonly wakeSpreadSeconds: number
}

/** x264 1080p frames a second for one stream in real time. */
const streamRate = 24

/**
 * Idle and busy watts at the wall and frames a second of x264 (Phoronix pts/x264, default preset, 1080p) as published in
 * geerlingguy/sbc-reviews, web/data/results.yml (968b675e). Boards are off behind a plug, a PoE port or a BMC, so that they
 * draw nothing; how long they boot is not published there: 15 to 30 s are usual, at about half of the busy watts.
 */
const published: Readonly<Record<string, readonly [idle: number, busy: number, fps: number, boot: number]>> =
  {
    'raspberry-pi-4': [1.6, 5, 7.6, 30],
    'raspberry-pi-5': [2.8, 9.7, 18, 25],
    'raspberry-pi-cm5': [2.4, 8.5, 17.6, 25],
    'orange-pi-5-max': [1.4, 10.9, 23.4, 20],
    'radxa-cm5': [1.2, 8.4, 22.3, 20],
    'turing-rk1': [2.85, 15, 24.1, 25],
    'lattepanda-mu-n100': [5.5, 22.1, 29.6, 25],
    'radxa-x4-n100': [9.1, 18.5, 20.2, 25],
    'gmktec-n150': [9.3, 25, 29.5, 25],
    'mac-mini-m4': [4.1, 31.2, 108.5, 20],
  }

export const boards: ReadonlyMap<string, Board> = new Map(
  Object.entries(published).map(([name, [idleWatts, busyWatts, fps, wakeSeconds]]) => [
    name,
    {
      capacity: fps / streamRate,
      profile: {
        ...{ offWatts: 0, idleWatts, busyWatts, wakeSeconds, sleepSeconds: 8 },
        wakeWatts: Math.max(idleWatts, busyWatts / 2),
        sleepWatts: idleWatts,
      },
      wakeSpreadSeconds: wakeSeconds / 10,
    },
  ]),
)
