/* SPDX-License-Identifier: MIT */
/* The JavaScript front end: modern JavaScript in, the ES5 that Duktape accepts out. */
#ifndef VMS_SANDBOX_JS_H
#define VMS_SANDBOX_JS_H

#include "vms/base.h"

/* Longest source that is taken; longer ones are refused with a message. */
#define VMS__JS_SOURCE_LEN_MAX (4u << 20)

/* Lowers a contract (strict code, ECMAScript 2020 and a little more).
 *
 *   source      UTF-8; anything else is a syntax error.
 *   env         memory; NULL: malloc.
 *   lowered     receives pure ASCII ES5, appended: one parenthesised function expression
 *                 (function(exports,module,System,console,Buffer,$vms){ ... })
 *               opened on line 1 in front of the author's first line, so that every statement stays
 *               on its source line.
 *   diagnostic  may be NULL; receives, for VMS_ERR_SYNTAX,
 *               "contract.js:LINE:COLUMN: SyntaxError: message\n<source line>\n<spaces>^".
 *
 * Returns VMS_OK, VMS_ERR_SYNTAX (error->position is the line, error->message the diagnostic's first
 * line cut to fit) or VMS_ERR_NOMEM; `lowered` is unchanged unless the result is VMS_OK. */
int vms__js_lower(vms_slice source, const vms_env *env, vms_buffer *lowered, vms_buffer *diagnostic, vms_error *error);

#endif
