/* SPDX-License-Identifier: MIT */
/* A host that lies: an honest ledger is taken apart, things are changed, everything is put together and signed anew with the host's keys. */
#ifndef VMS_TEST_FORGE_H
#define VMS_TEST_FORGE_H

#include "test/support/world.h"

#define BLOCKS_MAX 256u

typedef struct forged {
  world w;
  vms_buffer blocks[VMS_CORE_COUNT][BLOCKS_MAX];
  size_t count[VMS_CORE_COUNT];
  vms_audit_options options;
  vms_buffer evidence; /* of the last finding */
} forged;

/* For cmocka: a world that allows anonymous calls, and room for its blocks. */
int forged_setup(void **state);
int forged_teardown(void **state);

/* What the world's storage holds, as blocks. */
void take_apart(forged *f);
/* A journal of the blocks as they are now, in memory, with signed heads. Both are to be closed. */
vms_journal *put_together(forged *f, vms_storage *storage);
/* Audits it with f->options; the verdict is in f->w. */
void judge(forged *f);
/* The same, and fails the test unless the finding is this one: "ok" at 0 for none. */
void expect(forged *f, const char *lie, const char *kind, uint64_t seq);

/* Change blocks of the ledger. edit replaces the first `from`. */
void set_block(forged *f, size_t seq, const char *text);
void drop_record(forged *f, size_t seq);
void copy_record(forged *f, size_t from, size_t to);
void edit(forged *f, size_t seq, const char *from, const char *to);
/* Signs record seq's request anew, as caller number `who`, after a change. */
void sign_again(forged *f, size_t seq, int who, void (*change)(forged *f, vms_request *request));

#endif
