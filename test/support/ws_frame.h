/* SPDX-License-Identifier: MIT */
/* WebSocket frames made by hand, for tests of sessions. */
#ifndef VMS_TEST_WS_FRAME_H
#define VMS_TEST_WS_FRAME_H

#include "test/support/test.h"

/* Appends one frame; masked as a client's has to be. */
static inline void frame(vms_buffer *bytes, uint8_t first, const void *payload, size_t len, bool masked) {
  static const uint8_t mask[4] = { 1, 2, 3, 4 };
  uint8_t bit = masked ? 0x80 : 0;
  assert_ok(vms__buf_byte(bytes, first));
  if (len < 126) assert_ok(vms__buf_byte(bytes, (uint8_t)(bit | len)));
  else if (len < 65536) {
    assert_ok(vms__buf_byte(bytes, bit | 126));
    assert_ok(vms__buf_byte(bytes, (uint8_t)(len >> 8)));
    assert_ok(vms__buf_byte(bytes, (uint8_t)len));
  } else {
    assert_ok(vms__buf_byte(bytes, bit | 127));
    for (int i = 7; i >= 0; i--) assert_ok(vms__buf_byte(bytes, (uint8_t)((uint64_t)len >> (8 * i))));
  }
  if (masked) assert_ok(vms_buffer_append(bytes, mask, 4));
  for (size_t i = 0; i < len; i++) assert_ok(vms__buf_byte(bytes, ((const uint8_t *)payload)[i] ^ (masked ? mask[i % 4] : 0)));
}

#endif
