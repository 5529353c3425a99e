/* SPDX-License-Identifier: MIT */
/* A URL, or an address to listen on, that anybody may have typed: it is refused, or its name is a URL that has the same name. */
#include <stdlib.h>

#include "lib/net/internal.h"

/* The name of a URL must be read back as what it names. */
static void name_again(const vms__url *url) {
  vms_buffer first = VMS_BUFFER_INIT, second = VMS_BUFFER_INIT;
  vms__url again;
  if (strlen(url->authority) == 0 || url->target[0] != '/' || (url->local ? url->socket[0] == 0 : url->host[0] == 0)) abort();
  if (vms__url_name(url, &first) != VMS_OK) abort();
  if (url->local && url->socket[0] != '/') { /* it depends on the folder that this runs in, and may get too long */
    vms_buffer_free(&first);
    return;
  }
  if (vms__url_read(first.data, &again, NULL) != VMS_OK) abort();
  if (again.tls != url->tls || again.local != url->local || strcmp(again.socket, url->socket) != 0) abort();
  if (vms__url_name(&again, &second) != VMS_OK || strcmp(first.data, second.data) != 0) abort();
  vms_buffer_free(&first);
  vms_buffer_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  vms_buffer text = VMS_BUFFER_INIT;
  vms__url url;
  char host[64];
  uint16_t port;
  if (vms_buffer_append(&text, data, size) != VMS_OK || vms_buffer_append(&text, "", 1) != VMS_OK) abort();
  if (vms__url_read(text.data, &url, NULL) == VMS_OK) name_again(&url);
  if (vms__address_read(text.data, host, &port, NULL) == VMS_OK && strlen(host) == 0) abort();
  vms_buffer_free(&text);
  return 0;
}
