/* SPDX-License-Identifier: MIT */
/* A client session whose server sends anything: it neither breaks nor hangs. The key is fixed, so that a seed can hold
 * the answer that fits. Every message that comes out goes through the reply reader; a stream is no longer than what came. */
#include <stdlib.h>

#include "lib/base/internal.h"
#include "vms/rpc.h"

static void *resize(void *context, void *memory, size_t old_len, size_t new_len) {
  (void)context, (void)old_len;
  if (new_len == 0) {
    free(memory);
    return NULL;
  }
  return realloc(memory, new_len);
}

static int entropy(void *context, void *bytes, size_t len) {
  (void)context;
  memcpy(bytes, "the sample nonce", len < 16 ? len : 16); /* the key of RFC 6455's example */
  return VMS_OK;
}

static void play(const char *protocol, const uint8_t *data, size_t size) {
  static const vms_env env = { sizeof env, 0, NULL, resize, NULL, entropy };
  vms_rpc_client_options options = VMS_RPC_CLIENT_OPTIONS_INIT;
  vms_rpc_client *client;
  vms_rpc_reply reply;
  vms_buffer bytes = VMS_BUFFER_INIT;
  vms_error error;
  uint64_t id;
  options.env = &env;
  options.protocol = protocol;
  if (vms_rpc_client_new(&client, VMS__TEXT("x"), VMS__TEXT("/"), &options, &error) != VMS_OK) abort();
  vms_rpc_reply_init(&reply, &env);
  if (vms_rpc_client_feed(client, data, size, &error) == VMS_OK)
    while (vms_rpc_client_next(client, &bytes, &error) == VMS_OK) {
      if (vms_rpc_reply_read(vms__buf_view(&bytes), &id, &reply, &error) == VMS_OK) (void)vms_rpc_reply_unwrap(&reply, &id, &error);
      bytes.len = 0;
    }
  if (vms_rpc_client_stream_take(client, &bytes, &error) != VMS_OK || bytes.len > size) abort();
  if (protocol == NULL) (void)vms_rpc_client_send(client, VMS__TEXT("{}"), &error);
  else (void)vms_rpc_client_stream_send(client, "{}", 2, &error);
  (void)vms_rpc_client_take(client, &bytes, &error);
  vms_rpc_reply_free(&reply);
  vms_buffer_free(&bytes);
  vms_rpc_client_free(client);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  play(NULL, data, size);
  play("hypercore", data, size);
  return 0;
}
