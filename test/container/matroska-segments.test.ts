import { describeSegments } from './expect-segments.ts'

describeSegments({
  clip: { container: 'mp4', rate: '24000/1001', audio: 'aac-44100', codec: 'hevc', seconds: 5 },
  ...{ rate: '23.975999999999999', segmentSeconds: '1', seek: '1.013', firstSegment: 1 },
})
