/* SPDX-License-Identifier: MIT */
/* A temporary folder for the tests of one program: set up and torn down as cmocka's group fixtures. */
#ifndef VMS_TEST_FOLDER_H
#define VMS_TEST_FOLDER_H

#include <stdio.h>
#include <stdlib.h>

static char folder[64];

static int make_folder(void **state) {
  (void)state;
  snprintf(folder, sizeof folder, "/tmp/vms-test-XXXXXX");
  return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state) {
  char command[96];
  (void)state;
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  return system(command);
}

#endif
