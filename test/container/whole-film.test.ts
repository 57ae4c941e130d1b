import { describeFilm } from './expect-film.ts'

describeFilm({
  clip: { container: 'mp4', rate: '24000/1001', audio: 'aac-44100', codec: 'hevc', seconds: 5 },
  ...{ packaging: 'mp4-file', rate: '23.975999999999999', segmentSeconds: '2' },
})
describeFilm({
  clip: { container: 'mkv', rate: '25', audio: 'aac-48000', seconds: 5 },
  ...{ packaging: 'matroska-file', rate: '25' },
})
