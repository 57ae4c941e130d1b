#include "helper.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "streams.h"

/* A helper whose disk hangs cannot even be killed; it is left to the kernel after so many milliseconds. */
enum { END_PATIENCE = 100, DESCRIPTORS_MAX = 1024 };

static uint8_t request[PAYLOAD_MAX], answer[PAYLOAD_MAX];

/* What the shim has open is none of the helper's: a pipe of the media server must not stay open for its sake. */
static void keep_only(const struct job *job, int channel) {
  /* Its streams are no use, but their numbers must not go to anything else. */
  dup2(channel, 0);
  dup2(channel, 1);
#ifndef __SANITIZE_ADDRESS__
  dup2(channel, 2);
#endif
  for (int descriptor = 3; descriptor < DESCRIPTORS_MAX; descriptor++) {
    bool wanted = descriptor == channel || descriptor == job->folder || descriptor == job->root;
    for (size_t i = 0; i < job->input_count; i++) wanted |= descriptor == job->inputs[i].file;
    if (!wanted) close(descriptor);
  }
}

static _Noreturn void work(const struct helper *helper, const struct job *job, int channel, pid_t shim) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != shim) _exit(0);
  keep_only(job, channel);
  for (;;) {
    ssize_t length = recv(channel, request, sizeof request, 0);
    if (length < 0 && errno == EINTR) continue;
    /* The shortest request is a byte: nothing is the end of the shim. */
    if (length <= 0) _exit(0);
    size_t made = helper->serve(job, request, (size_t)length, answer);
    if (send(channel, answer, made, MSG_NOSIGNAL) < 0) _exit(0);
  }
}

static bool start(struct helper *helper, const struct job *job) {
  int channels[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channels) != 0) return false;
  int own = above_streams(channels[0]), other = above_streams(channels[1]);
  pid_t shim = getpid();
  helper->pid = fork();
  if (helper->pid == 0) work(helper, job, other, shim);
  close(other);
  helper->channel = own;
  if (helper->pid > 0) return true;
  helper_end(helper);
  return false;
}

bool helper_ask(struct helper *helper, const struct job *job, const struct frame *frame) {
  if (helper->busy || frame->length == 0) return false;
  helper->busy = true;
  if (!helper->channel) start(helper, job);
  if (helper->channel && send(helper->channel, frame->payload, frame->length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
    helper_end(helper);
  helper->busy = true;
  return true;
}

ssize_t helper_answer(struct helper *helper, const struct job *job, uint8_t *to) {
  ssize_t got = helper->channel ? recv(helper->channel, to, PAYLOAD_MAX, MSG_DONTWAIT) : 0;
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return -1;
  if (got > 0) {
    helper->busy = false;
    return got;
  }
  helper_end(helper);
  return (ssize_t)helper->serve(job, NULL, 0, to);
}

void helper_end(struct helper *helper) {
  if (helper->channel) close(helper->channel);
  if (helper->pid > 0) {
    kill(helper->pid, SIGKILL);
    for (int waited = 0; waitpid(helper->pid, NULL, WNOHANG) == 0 && waited < END_PATIENCE; waited++)
      nanosleep(&(struct timespec){0, 1000000}, NULL);
  }
  helper->channel = 0;
  helper->pid = 0;
  helper->busy = false;
}
