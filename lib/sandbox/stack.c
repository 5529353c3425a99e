/* SPDX-License-Identifier: MIT */
/* The native stack of the engine: its own pages with a guard below, so that how deep a script may recurse never
 * depends on the embedder, and so that a limit can end a call from anywhere by simply never coming back. */
#define _GNU_SOURCE
#include "lib/sandbox/internal.h"

#include <sys/mman.h>
#include <ucontext.h>

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif
#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

#define STACK_LEN ((size_t)16 * 1024 * 1024)
#define GUARD_LEN ((size_t)64 * 1024)
#define RESERVE_LEN ((size_t)256 * 1024) /* what one native may use below the check */

static void switch_begin(void **fake_stack, const void *stack, size_t len) {
#ifdef WITH_ASAN
  __sanitizer_start_switch_fiber(fake_stack, stack, len);
#else
  (void)fake_stack, (void)stack, (void)len;
#endif
}

static void switch_end(void *fake_stack, const void **stack, size_t *len) {
#ifdef WITH_ASAN
  __sanitizer_finish_switch_fiber(fake_stack, stack, len);
#else
  (void)fake_stack, (void)stack, (void)len;
#endif
}

static void to_host(vms_sandbox *sandbox, bool for_good) __attribute__((noreturn));
static void to_host(vms_sandbox *sandbox, bool for_good) {
  switch_begin(for_good ? NULL : &sandbox->fake_stack, sandbox->host_stack, sandbox->host_stack_len);
  _longjmp(sandbox->host_jump, 1);
}

/* The engine's stack starts here and never returns: it does one piece of work after the other. */
static void engine_main(unsigned low, unsigned high) {
  vms_sandbox *sandbox = (vms_sandbox *)((uintptr_t)low | (uintptr_t)high << 32); /* makecontext passes int only */
  switch_end(NULL, &sandbox->host_stack, &sandbox->host_stack_len);
  for (;;) {
    sandbox->work(sandbox);
    sandbox->left = VMS__LEFT_DONE;
    if (_setjmp(sandbox->engine_jump) == 0) to_host(sandbox, false);
    switch_end(sandbox->fake_stack, &sandbox->host_stack, &sandbox->host_stack_len);
  }
}

int vms__stack_open(vms_sandbox *sandbox) {
  char *stack = mmap(NULL, STACK_LEN, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (stack == MAP_FAILED) return VMS_ERR_NOMEM;
  if (mprotect(stack, GUARD_LEN, PROT_NONE) != 0) {
    munmap(stack, STACK_LEN);
    return VMS_ERR_NOMEM;
  }
  sandbox->stack = stack;
  sandbox->meter.stack_low = stack + GUARD_LEN + RESERVE_LEN;
  return VMS_OK;
}

void vms__stack_close(vms_sandbox *sandbox) {
  if (sandbox->stack == NULL) return;
#ifdef WITH_ASAN
  __asan_unpoison_memory_region(sandbox->stack + GUARD_LEN, STACK_LEN - GUARD_LEN); /* frames that were left */
#endif
  munmap(sandbox->stack, STACK_LEN);
  sandbox->stack = NULL;
}

/* The first entry needs a context; later ones only jump, without a system call. The frame is never returned from, so it
 * must not have red zones that would stay behind on the host's stack. */
__attribute__((no_sanitize_address)) static void stack_begin(vms_sandbox *sandbox) {
  ucontext_t context;
  uintptr_t address = (uintptr_t)sandbox;
  getcontext(&context);
  context.uc_stack.ss_sp = sandbox->stack + GUARD_LEN;
  context.uc_stack.ss_size = STACK_LEN - GUARD_LEN;
  context.uc_link = NULL;
  makecontext(&context, (void (*)(void))engine_main, 2, (unsigned)address, (unsigned)(address >> 32));
  setcontext(&context);
}

int vms__enter(vms_sandbox *sandbox, void (*work)(vms_sandbox *sandbox)) {
  void *volatile fake_stack = NULL;
  assert(sandbox->state != VMS__DEAD);
  fegetenv(&sandbox->fenv);
  fesetenv(FE_DFL_ENV);
  bool first = sandbox->work == NULL;
  sandbox->work = work;
  if (_setjmp(sandbox->host_jump) == 0) {
    void *fake = NULL;
    switch_begin(&fake, sandbox->stack + GUARD_LEN, STACK_LEN - GUARD_LEN);
    fake_stack = fake;
    if (first) stack_begin(sandbox);
    _longjmp(sandbox->engine_jump, 1);
  }
  switch_end(fake_stack, NULL, NULL);
  fesetenv(&sandbox->fenv);
  if (sandbox->left != VMS__LEFT_DONE) sandbox->state = VMS__DEAD;
  return sandbox->left;
}

void vms__leave(vms_sandbox *sandbox, int left) {
  assert(left != VMS__LEFT_DONE);
  sandbox->left = left;
  to_host(sandbox, true);
}

void vms__leave_status(vms_sandbox *sandbox, int status) {
  assert(status != VMS_OK);
  sandbox->status = status;
  vms__leave(sandbox, VMS__LEFT_STATUS);
}

void vms__meter_out_of_steps(vms__meter *meter) { vms__leave((vms_sandbox *)meter, VMS__LEFT_STEPS); }
void vms__meter_out_of_memory(vms__meter *meter) { vms__leave((vms_sandbox *)meter, VMS__LEFT_MEMORY); }

void vms__meter_out_of_stack(vms__meter *meter) {
  vms_sandbox *sandbox = (vms_sandbox *)meter;
  vms__fail(sandbox->error, VMS_ERR_LIMIT, 0, "the engine needs more native stack than it has");
  vms__leave_status(sandbox, VMS_ERR_LIMIT);
}
