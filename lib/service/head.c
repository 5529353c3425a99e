/* SPDX-License-Identifier: MIT */
/* A signed head as JSON text, and back: what vms.head answers. */
#include "internal.h"

int vms_head_write(vms_buffer *json, const vms_head *head) {
  int status = vms__buf_format(json, "{\"length\":%llu,\"fork\":%llu,\"treeHash\":\"", (unsigned long long)head->length, (unsigned long long)head->fork);
  if (status == VMS_OK) status = vms__buf_hex(json, head->tree_hash, VMS_HASH_LEN);
  if (status == VMS_OK) status = vms__buf_text(json, "\",\"signature\":\"");
  if (status == VMS_OK) status = vms__buf_hex(json, head->signature, VMS_ENVELOPE_LEN);
  if (status == VMS_OK) status = vms__buf_text(json, "\",\"manifest\":\"");
  if (status == VMS_OK) status = vms__buf_hex(json, head->manifest, VMS_MANIFEST_LEN);
  return status == VMS_OK ? vms__buf_text(json, "\"}") : status;
}

static bool member_uint(vms_slice json, const char *name, uint64_t *number) {
  vms_slice raw;
  return vms__json_member(json, name, &raw) && vms__uint_decode(raw, number);
}

static bool member_hex(vms_slice json, const char *name, void *bytes, size_t len) {
  vms_slice raw;
  return vms__json_member(json, name, &raw) && raw.len >= 2 && raw.data[0] == '"' &&
         vms__hex_decode((vms_slice){ raw.data + 1, raw.len - 2 }, bytes, len);
}

int vms_head_read(vms_slice json, vms_head *head, vms_error *error) {
  memset(head, 0, sizeof *head);
  if (vms__json_valid(json, VMS__JSON_DEPTH_MAX, VMS__JSON_ANY) && member_uint(json, "length", &head->length) &&
      member_uint(json, "fork", &head->fork) && member_hex(json, "treeHash", head->tree_hash, VMS_HASH_LEN) &&
      member_hex(json, "signature", head->signature, VMS_ENVELOPE_LEN) && member_hex(json, "manifest", head->manifest, VMS_MANIFEST_LEN))
    return VMS_OK;
  return vms__fail(error, VMS_ERR_FORM, 0, "not a signed head: length, fork, treeHash, signature and manifest are wanted");
}
