/* SPDX-License-Identifier: MIT */
/* vms/rpc.h - JSON-RPC 2.0 over WebSocket as sans-I/O sessions: bytes in, bytes out. */
#ifndef VMS_RPC_H
#define VMS_RPC_H

#include "vms/base.h"
#include "vms/service.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The answer to one request. Init before, free after. */
typedef struct vms_rpc_reply {
  int32_t code;       /* 0: a result; else the JSON-RPC error code */
  uint32_t reserved;  /* 0 */
  vms_buffer result;  /* JSON text; empty if undefined or an error */
  vms_buffer message; /* error message, UTF-8 */
  vms_buffer data;    /* error data, JSON text, may be empty */
} vms_rpc_reply;
VMS_API void vms_rpc_reply_init(vms_rpc_reply *reply, const vms_env *env);
VMS_API void vms_rpc_reply_free(vms_rpc_reply *reply);

#ifdef __cplusplus
}
#endif

#endif
