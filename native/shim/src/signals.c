#include "signals.h"

#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "streams.h"

static sigset_t found;

int signals_hold(void) {
  static const int forwarded[] = {SIGTERM, SIGINT, SIGHUP};
  sigset_t read, held;
  sigprocmask(SIG_SETMASK, NULL, &found);
  sigemptyset(&read);
  for (size_t i = 0; i < sizeof forwarded / sizeof *forwarded; i++) {
    struct sigaction action;
    bool ignored = sigaction(forwarded[i], NULL, &action) == 0 && action.sa_handler == SIG_IGN;
    /* A blocked signal would be read even where the media server has it ignored. */
    if (!ignored && !sigismember(&found, forwarded[i])) sigaddset(&read, forwarded[i]);
  }
  held = read;
  sigaddset(&held, SIGPIPE);
  sigprocmask(SIG_BLOCK, &held, NULL);
  int descriptor = above_streams(signalfd(-1, &read, SFD_CLOEXEC | SFD_NONBLOCK));
  if (descriptor < 0) signals_release();
  return descriptor;
}

void signals_release(void) { sigprocmask(SIG_SETMASK, &found, NULL); }

int signals_next(int descriptor) {
  struct signalfd_siginfo about;
  return read(descriptor, &about, sizeof about) == (ssize_t)sizeof about ? (int)about.ssi_signo : 0;
}

bool is_deadly(int number) {
  switch (number) {
    case SIGCHLD: case SIGCONT: case SIGSTOP: case SIGTSTP: case SIGTTIN: case SIGTTOU: case SIGURG: case SIGWINCH:
      return false;
    default:
      return number >= 1 && number <= 64;
  }
}

noreturn void die_of(int number) {
  /* The process that crashed was another one: a core file of the shim would only mislead. */
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, number);
  signal(number, SIG_DFL);
  sigprocmask(SIG_UNBLOCK, &only, NULL);
  raise(number);
  _exit(128 + number);
}
