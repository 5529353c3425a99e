/* SPDX-License-Identifier: MIT */
/* The texts of the newest records, so that a receipt need not read and hash a block again. Two halves: when the newer one is full the older
 * one is dropped, so that keeping costs one copy a record and never more than a bounded amount of memory. */
#include "internal.h"

#define HALF_LEN (256u << 10)  /* bytes of texts in one half: some hundred records of the usual size */
#define KEPT_LEN_MAX (16u << 10) /* a longer text is read again: one of them must not push all others out */

void vms__recent_init(vms__recent *recent, const vms_env *env) {
  memset(recent, 0, sizeof *recent);
  for (int i = 0; i < 2; i++) {
    recent->halves[i].env = env;
    vms_buffer_init(&recent->halves[i].texts, env);
  }
}

void vms__recent_deinit(vms__recent *recent) {
  for (int i = 0; i < 2; i++) {
    vms__recent_half *half = &recent->halves[i];
    vms_buffer_free(&half->texts);
    vms__free(half->env, half->ends, half->capacity * sizeof *half->ends);
  }
}

void vms__recent_forget(vms__recent *recent) {
  for (int i = 0; i < 2; i++) {
    recent->halves[i].count = 0;
    vms__buf_clear(&recent->halves[i].texts);
  }
}

static void turn(vms__recent *recent) {
  vms__recent_half older = recent->halves[1];
  recent->halves[1] = recent->halves[0];
  older.count = 0;
  vms__buf_clear(&older.texts);
  recent->halves[0] = older;
}

void vms__recent_note(vms__recent *recent, uint64_t seq, vms_slice text) {
  vms__recent_half *half = &recent->halves[0];
  if (half->count > 0 && half->first + half->count != seq) vms__recent_forget(recent);
  if (half->texts.len + text.len > HALF_LEN && half->count > 0) turn(recent);
  if (half->count == 0) half->first = seq;
  if (text.len > KEPT_LEN_MAX) text.len = 0; /* no record is empty: it is not here */
  if (vms__grow(half->env, &half->ends, &half->capacity, half->count, 1, sizeof *half->ends) != VMS_OK || vms__buf_slice(&half->texts, text) != VMS_OK) {
    vms__recent_forget(recent); /* it can all be read */
    return;
  }
  half->ends[half->count++] = (uint32_t)half->texts.len; /* at most HALF_LEN + KEPT_LEN_MAX */
}

bool vms__recent_find(const vms__recent *recent, uint64_t seq, vms_slice *text) {
  for (int i = 0; i < 2; i++) {
    const vms__recent_half *half = &recent->halves[i];
    if (half->count == 0 || seq < half->first || seq - half->first >= half->count) continue;
    size_t at = (size_t)(seq - half->first), start = at == 0 ? 0 : half->ends[at - 1];
    *text = (vms_slice){ half->texts.data + start, half->ends[at] - start };
    return text->len > 0;
  }
  return false;
}
