import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type FilmSession, numberOf } from '../chaos/film-session.ts'
import { film, filmSegments } from '../chaos/schedule.ts'
import type { Film } from './film-server.ts'
import { wholePlaylist } from './whole-film.ts'

/** So many are there before the player gets the first one: encoding and the player's start do not share the cores. */
const segmentsAtFirst = 4

/**
 * The film of a session as a player sees it at Plex: a list of all its segments, and an answer to whoever asks for one
 * as soon as that one is announced, and not before. The session begins at segment 0 and is not sought in.
 */
export function filmOfSession(session: FilmSession): Film {
  return {
    entry: 'index.m3u8',
    async read(name) {
      if (name === 'index.m3u8') return wholePlaylist(film.segmentSeconds, film.seconds)
      const number = numberOf(name)
      if (!(number < filmSegments)) return null
      const isThere = await session.reaches(Math.max(number + 1, segmentsAtFirst))
      return isThere ? readFile(join(session.directory(), name)) : null
    },
  }
}
