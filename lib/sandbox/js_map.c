/* SPDX-License-Identifier: MIT */
/* The way back from lowered text to the author's: marks made while it is written, in the order of the output. */
#include "lib/sandbox/js_ast.h"

static void add(js *p, vms_buffer *list, const void *item, size_t len) {
  if (vms_buffer_append(list, item, len) != VMS_OK) js_no_memory(p);
}

/* What is written from here on stands for the source at `at`. */
void js_mark(js *p, uint32_t at) { js_mark_before(p, at, 0); }

/* The same from `back` bytes before the end of the output. */
void js_mark_before(js *p, uint32_t at, size_t back) {
  vms__js_mark mark = { (uint32_t)(p->out.len - back), at };
  if (p->map != NULL) add(p, &p->map->marks, &mark, sizeof mark);
}

/* The parameters of a function of the author's are written next. */
void js_mark_function(js *p, const js_func *func) {
  const js_atom *name = func->constructor ? func->class_name : func->field ? NULL : func->shown != NULL ? func->shown : func->name;
  vms__js_function item = { (uint32_t)p->out.len, func->start, func->end, 0, 0 };
  if (p->map == NULL) return;
  item.name = (uint32_t)p->map->names.len;
  if (func->constructor) add(p, &p->map->names, "new ", 4);
  if (name != NULL) add(p, &p->map->names, name->text, name->len);
  item.name_len = (uint32_t)p->map->names.len - item.name;
  if (func->constructor && name == NULL) item.name_len = 0;
  add(p, &p->map->functions, &item, sizeof item);
  js_mark(p, func->start);
}

void vms__js_map_init(vms__js_map *map, const vms_env *env) {
  vms_buffer_init(&map->marks, env);
  vms_buffer_init(&map->functions, env);
  vms_buffer_init(&map->names, env);
}

void vms__js_map_free(vms__js_map *map) {
  vms_buffer_free(&map->marks);
  vms_buffer_free(&map->functions);
  vms_buffer_free(&map->names);
}

/* How many of the `count` items of `size` bytes, whose first member is their lowered offset, lie at or before `lowered`. */
static size_t count_until(const vms_buffer *list, size_t size, uint32_t lowered) {
  size_t low = 0, high = list->len / size;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    uint32_t at;
    memcpy(&at, list->data + middle * size, sizeof at);
    if (at <= lowered) low = middle + 1;
    else high = middle;
  }
  return low;
}

const vms__js_function *vms__js_map_function(const vms__js_map *map, uint32_t lowered) {
  size_t count = count_until(&map->functions, sizeof(vms__js_function), lowered);
  const vms__js_function *found;
  if (lowered == 0 || count == 0) return NULL;
  found = (const vms__js_function *)(const void *)map->functions.data + count - 1;
  return found->lowered == lowered ? found : NULL;
}

uint32_t vms__js_map_source(const vms__js_map *map, uint32_t lowered) {
  size_t count = count_until(&map->marks, sizeof(vms__js_mark), lowered);
  return count == 0 ? 0 : ((const vms__js_mark *)(const void *)map->marks.data)[count - 1].source;
}
