import { replayRecordedJobs } from './replay-recorded-jobs.ts'

// Among the short ones own-world.test.ts has `hls-seek`, in namespaces, where it may make them.
replayRecordedJobs('longer jobs as the real transcoder was recorded doing them', [
  'hls-seek',
  'hls-mpegts',
  'dash-seek',
  'dash-old-layout',
  'dash-software',
  'hls-throttled',
])
