/* SPDX-License-Identifier: MIT */
/* The JavaScript front end: modern JavaScript in, the ES5 that Duktape accepts out. */
#ifndef VMS_SANDBOX_JS_H
#define VMS_SANDBOX_JS_H

#include "vms/base.h"

/* Longest source that is taken; longer ones are refused with a message. */
#define VMS__JS_SOURCE_LEN_MAX (4u << 20)

/* From offsets in the lowered text back to the author's: see js_map.c. A zeroed one with `env` set is empty. */
typedef struct vms__js_map {
  vms_buffer marks;     /* vms__js_mark, by lowered offset     */
  vms_buffer functions; /* vms__js_function, by lowered offset */
  vms_buffer names;     /* their names, UTF-8                  */
} vms__js_map;

typedef struct vms__js_mark { uint32_t lowered, source; } vms__js_mark;

typedef struct vms__js_function {
  uint32_t lowered;    /* offset of the ( before its parameters                  */
  uint32_t start, end; /* its text in the source                                 */
  uint32_t name, name_len; /* in `names`                                         */
} vms__js_function;

void vms__js_map_init(vms__js_map *map, const vms_env *env);
void vms__js_map_free(vms__js_map *map);
/* The function whose parameters begin there, or NULL if it is none of the author's. */
const vms__js_function *vms__js_map_function(const vms__js_map *map, uint32_t lowered);
/* Offset in the source of what the lowered text at `lowered` stands for. */
uint32_t vms__js_map_source(const vms__js_map *map, uint32_t lowered);
/* Line and column of an offset, both from 1; columns count characters. Returns the offset of the line's start. */
size_t vms__js_place(vms_slice source, size_t at, size_t *line, size_t *column);

/* Lowers a contract (strict code, ECMAScript 2020 and a little more).
 *
 *   source      UTF-8; anything else is a syntax error.
 *   env         memory; NULL: malloc.
 *   lowered     receives pure ASCII ES5, appended: one parenthesised function expression
 *                 (function(exports,module,System,console,$vms){ ... })
 *               opened on line 1 in front of the author's first line, so that every statement stays
 *               on its source line.
 *   diagnostic  may be NULL; receives, for VMS_ERR_SYNTAX,
 *               "contract.js:LINE:COLUMN: SyntaxError: message\n<source line>\n<spaces>^".
 *
 * Returns VMS_OK, VMS_ERR_SYNTAX (error->position is the line, error->message the diagnostic's first
 * line cut to fit) or VMS_ERR_NOMEM; `lowered` is unchanged unless the result is VMS_OK. */
int vms__js_lower(vms_slice source, const vms_env *env, vms_buffer *lowered, vms_buffer *diagnostic, vms_error *error);
/* The same; `map`, empty before, receives the way back. It is to be freed whatever the result. */
int vms__js_lower_mapped(vms_slice source, const vms_env *env, vms_buffer *lowered, vms__js_map *map, vms_buffer *diagnostic,
                         vms_error *error);

#endif
