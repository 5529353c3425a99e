/* SPDX-License-Identifier: MIT */
/* How long a script runs between two checks of its steps, seen from outside: a timer interrupts the thread, looks at the steps that
 * are left and at the thread's own time, and remembers the longest time in which the steps did not change. The engine knows
 * nothing of it, and other processes of a busy machine do not count. One sandbox at a
 * time. Define _GNU_SOURCE before anything is included. */
#ifndef TEST_SUPPORT_PAUSES_H
#define TEST_SUPPORT_PAUSES_H

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PAUSES_SIGNAL SIGRTMIN
#define PAUSES_TICK_US 250

static struct {
  timer_t timer;
  const volatile int64_t *left; /* NULL: nothing to watch */
  int64_t last;
  double since_us, longest_us;
} pauses;

static inline double thread_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static inline void pauses_look(int number) {
  (void)number;
  if (pauses.left == NULL) return;
  int64_t left = *pauses.left;
  double now = thread_us();
  if (left != pauses.last) {
    pauses.last = left;
    pauses.since_us = now;
  } else if (now - pauses.since_us > pauses.longest_us) {
    pauses.longest_us = now - pauses.since_us;
  }
}

/* From here on the counter is watched. */
static inline void pauses_begin(const int64_t *left) {
  static int ready;
  if (!ready) {
    static char stack[65536]; /* whatever runs may have no room on its own */
    stack_t other = { .ss_sp = stack, .ss_size = sizeof stack };
    struct sigaction action;
    struct sigevent event;
    memset(&action, 0, sizeof action);
    memset(&event, 0, sizeof event);
    action.sa_handler = pauses_look;
    action.sa_flags = SA_RESTART | SA_ONSTACK;
    event.sigev_notify = SIGEV_THREAD_ID; /* another thread, such as a fuzzer's, has a time of its own */
    event._sigev_un._tid = gettid();
    event.sigev_signo = PAUSES_SIGNAL;
    if (sigaltstack(&other, NULL) != 0 || sigaction(PAUSES_SIGNAL, &action, NULL) != 0 ||
        timer_create(CLOCK_MONOTONIC, &event, &pauses.timer) != 0)
      abort();
    ready = 1;
  }
  struct itimerspec every = { { 0, PAUSES_TICK_US * 1000 }, { 0, PAUSES_TICK_US * 1000 } };
  pauses.longest_us = 0;
  pauses.last = *left;
  pauses.since_us = thread_us();
  pauses.left = left;
  if (timer_settime(pauses.timer, 0, &every, NULL) != 0) abort();
}

/* Ends the watch; returns the longest pause in microseconds, exact to about PAUSES_TICK_US. */
static inline double pauses_end(void) {
  struct itimerspec never = { { 0, 0 }, { 0, 0 } };
  if (timer_settime(pauses.timer, 0, &never, NULL) != 0) abort();
  pauses_look(0);
  pauses.left = NULL;
  return pauses.longest_us;
}

#endif
