/** What a whole file can become, by its name. */
export const wholeFileName = /\.(mp4|mkv|ts)$/i
