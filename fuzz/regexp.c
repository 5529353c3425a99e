/* SPDX-License-Identifier: MIT */
/* Can any pattern or text break the engine of regular expressions? Flags in the first byte, how long the pattern is in the
 * second; compiled and searched twice, in memory filled differently and at its exact length, it must say the same, with
 * the same steps. */
#include "test/support/regexp_host.h"

#define STEPS_MAX 200000u
#define LEN_MAX ((size_t)16 << 20)

static uint64_t mix(uint64_t hash, uint64_t value) { return (hash ^ value) * UINT64_C(0x100000001b3); }

static uint64_t run(host *h, int fill, uint32_t flags, vms_slice pattern, vms_slice text) {
  volatile uint64_t hash = 1;
  vms__re_error error = { 0, NULL };
  const uint32_t *captures;
  volatile size_t at = 0;
  host_init(h, fill);
  h->len_max = LEN_MAX;
  h->steps_max = STEPS_MAX;
  if (setjmp(h->limit) == 0) {
    if (vms__re_compile(&h->re, pattern, flags, &error) == 0) {
      if (error.message == NULL || error.at > pattern.len) abort();
      hash = mix(hash, error.at);
    } else {
      uint32_t groups = vms__re_groups(h->memory[VMS__RE_PROGRAM]), group, i, matches;
      vms_slice name;
      for (i = 0; vms__re_name(h->memory[VMS__RE_PROGRAM], i, &name, &group); i++)
        if (group == 0 || group >= groups || name.len == 0) abort();
      for (matches = 0; matches < 20 && at <= text.len; matches++) {
        captures = vms__re_match(&h->re, h->memory[VMS__RE_PROGRAM], text, at, (flags & VMS__RE_STICKY) != 0);
        if (captures == NULL) break;
        for (i = 0; i < 2 * groups; i += 2) {
          if ((captures[i] == VMS__RE_UNSET) != (captures[i + 1] == VMS__RE_UNSET)) abort();
          if (captures[i] != VMS__RE_UNSET && (captures[i] > captures[i + 1] || captures[i + 1] > text.len)) abort();
          hash = mix(mix(hash, captures[i]), captures[i + 1]);
        }
        at = captures[1] > at ? captures[1] : at + 1;
      }
    }
  }
  hash = mix(hash, h->steps);
  host_deinit(h);
  return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static host first, second; /* a jump keeps what is not on the stack */
  size_t len;
  vms_slice pattern, text;
  if (size < 2) return 0;
  len = VMS__MIN((size_t)data[1], size - 2);
  pattern = (vms_slice){ (const char *)data + 2, len };
  text = (vms_slice){ (const char *)data + 2 + len, size - 2 - len };
  if (run(&first, 0, data[0] & 63u, pattern, text) != run(&second, 0xa5, data[0] & 63u, pattern, text)) abort();
  return 0;
}
