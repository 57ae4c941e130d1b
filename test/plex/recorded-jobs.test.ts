import { replayRecordedJobs } from './replay-recorded-jobs.ts'

replayRecordedJobs('jobs as the real transcoder was recorded doing them', [
  'hls-matroska-header',
  'optimise-mp4-sidecar',
  'dash-hdr-tonemap',
  'burn-inlineass',
  'hls-direct-stream-copy',
  'sidecar-segments',
])
