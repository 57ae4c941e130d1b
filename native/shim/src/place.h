#ifndef PLACE_H
#define PLACE_H

/* Where the shim's own file is, links resolved; NULL when the system does not tell. */
const char *shim_path(void);

/* PACELINE_ORIGINAL, else the shim's path with `.orig`; NULL when neither is known. */
const char *original_path(void);

/*
 * The head's socket: PACELINE_HEAD, else the first line of the file at the shim's path with `.head`,
 * without `unix:`. NULL when there is none or it is of another kind.
 */
const char *head_path(void);

#endif
