/* SPDX-License-Identifier: MIT */
/* What every test program includes: cmocka with the headers it wants, and a short way to list tests. */
#ifndef VMS_TEST_H
#define VMS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/internal.h"

#define SLICE(text) vms__slice_of(text)
#define assert_ok(call) assert_int_equal((call), VMS_OK)
/* The buffer holds exactly this text. */
#define assert_text(buffer, text) assert_string_equal((buffer).data == NULL ? "" : (buffer).data, (text))

#endif
