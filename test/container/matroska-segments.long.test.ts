import { describeSegments } from './expect-segments.ts'

describeSegments({
  clip: { container: 'mkv', rate: '25', audio: 'ac3', seconds: 5 },
  ...{ rate: '25', segmentSeconds: '2' },
})
describeSegments({
  clip: { container: 'mkv', rate: '25', audio: 'aac-48000', seconds: 5 },
  encoder: 'libx265',
})
