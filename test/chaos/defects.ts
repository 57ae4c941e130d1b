/** A mistake that somebody might make, planted in a copy of the built product: a test of the harness, not of the product. */
export interface Defect {
  readonly name: string
  /** What is wrong then. */
  readonly what: string
  /** Text in files below `dist`, each of which is there exactly once. */
  readonly changes: readonly { readonly file: string; readonly find: string; readonly replace: string }[]
}

export const defects: readonly Defect[] = [
  {
    name: 'old-token',
    what: 'segments are taken under tokens of leases that are over',
    changes: [
      {
        file: 'head/session/lease-carrier.js',
        find: 'carried.delete(lease.attempt);',
        replace: '',
      },
      {
        file: 'head/session/lease-carrier.js',
        find: 'leases.close(lease.attempt);',
        replace: '',
      },
      {
        file: 'session/session.js',
        find: "if (!found)\n            return 'stale';",
        replace: "if (!found)\n            return 'accept';",
      },
    ],
  },
  {
    name: 'early-announcement',
    what: 'a segment is announced before it has its name',
    changes: [
      {
        file: 'dialects/plex/segment-announcer.js',
        find: 'await options.folder.place(segmentName(options.list.template, segment.segment), segment.bytes);',
        replace: '',
      },
      {
        file: 'dialects/plex/segment-announcer.js',
        find: 'options.onAnnounce(segment);\n            await options.postList(formatSegmentList(list, options.list));',
        replace: `options.onAnnounce(segment);
            await options.postList(formatSegmentList(list, options.list));
            await options.folder.place(segmentName(options.list.template, segment.segment), segment.bytes);`,
      },
    ],
  },
  {
    name: 'cut-off-by-one',
    what: 'a lease that begins at a cut begins with the picture after, in the place of the right one',
    changes: [
      {
        file: 'platforms/picture-lease.js',
        find: `\`trim=start_pts=\${firstSlot}\``,
        replace: `...(range.from > plan.timeline.firstSegment
            ? [\`trim=start_pts=\${firstSlot + 1}\`, 'setpts=PTS-1']
            : [\`trim=start_pts=\${firstSlot}\`])`,
      },
    ],
  },
]
