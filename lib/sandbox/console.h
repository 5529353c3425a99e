/* SPDX-License-Identifier: MIT */
/* The text of console: grows in sandbox->console, as UTF-8, up to a bound. */
#ifndef VMS_SANDBOX_CONSOLE_H
#define VMS_SANDBOX_CONSOLE_H

#include "lib/sandbox/builtins.h"

#include <stdarg.h>
#include <stdio.h>

typedef struct vms__line { bool cut; } vms__line; /* some of the text did not fit */

void vms__line_begin(vms_sandbox *sandbox, vms__line *line);
void vms__line_put(vms_sandbox *sandbox, duk_context *duk, vms__line *line, const char *cesu, size_t len);
/* Appends the value at idx as util.inspect would show it. Runs no code of the script. */
void vms__inspect(vms_sandbox *sandbox, duk_context *duk, duk_idx_t idx, int depth, bool hidden, vms__line *line);
void vms__line_end(vms_sandbox *sandbox, vms__line *line);

#endif
