#ifndef COMPLAIN_H
#define COMPLAIN_H

/* One line on stderr: "paceline-shim: " and the parts, which end with NULL. */
void complain(const char *part, ...);

#endif
