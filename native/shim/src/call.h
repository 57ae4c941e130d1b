#ifndef CALL_H
#define CALL_H

#include "job.h"
#include "streams.h"

/* A job, and the door at which it is offered. */
struct call {
  char *const *argv;
  const char *socket_path;
  struct streams streams;
  struct job job;
};

#endif
