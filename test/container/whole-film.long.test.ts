import { describeFilm } from './expect-film.ts'

describeFilm({
  clip: { container: 'mkv', rate: '25', audio: 'ac3', seconds: 5 },
  ...{ packaging: 'mp4-file', rate: '25' },
})
describeFilm({
  clip: { container: 'mp4', rate: '25', audio: 'aac-48000', seconds: 5 },
  ...{ packaging: 'mp4-file', encoder: 'libx265' },
})
describeFilm({
  clip: { container: 'ts', rate: '30000/1001', audio: 'aac-48000', openGop: true, seconds: 5 },
  ...{ packaging: 'mp4-file', rate: '30000/1001' },
})
