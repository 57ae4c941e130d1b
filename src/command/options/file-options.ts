import type { OptionNames } from './row.ts'

/** The program's options for one input or output as a whole; each binds to the file that follows it. */
export const fileOptions: OptionNames = {
  booleans: 'accurate_seek find_stream_info re shortest bitexact vn an sn dn',
  values: `
    f map map_channel map_chapters t to fs ss sseof seek_timestamp isync itsoffset timestamp program stream_group
    readrate readrate_initial_burst readrate_catchup target shortest_buf_duration attach stream_loop
    thread_queue_size muxdelay muxpreload streamid fpre
  `,
}

/** Those whose part after the colon names a target: the file (`g`), a stream (`s:0`), a chapter, a program. */
export const metadataOptions: OptionNames = {
  values: 'metadata map_metadata',
}
