# SPDX-License-Identifier: MIT
# make install: what is installed suffices to build and run a program against, shared and static.
load ../support/helpers

setup_program() {
  make -s -C "$ROOT" BUILD="$BUILD" ${CHECK_CFLAGS:+CFLAGS="$CHECK_CFLAGS"} install DESTDIR="$T/root" PREFIX=/usr > install.log 2>&1 || { cat install.log; return 1; }
  cat > program.c <<'C'
#include <stdio.h>
#include <string.h>
#include <vms.h>

int main(void) {
  vms_service *service;
  vms_service_options options = VMS_SERVICE_OPTIONS_INIT;
  vms_storage storage;
  vms_outcome outcome;
  vms_error error;
  const uint8_t secret[VMS_SEED_LEN] = { 1 };
  const char *code = "exports.twice = n => 2 * n", *method = "twice", *params = "[21]";
  const vms_slice nobody = { NULL, 0 };
  options.env = vms_env_system();
  options.flags = VMS_SERVICE_ANONYMOUS;
  if (vms_memory_open(&storage, NULL, &error) != VMS_OK ||
      vms_service_deploy(&service, &storage, secret, (vms_slice){ code, strlen(code) }, &options, NULL, &error) != VMS_OK) {
    puts(error.message);
    return 1;
  }
  vms_outcome_init(&outcome, NULL);
  vms_service_call_unsigned(service, nobody, (vms_slice){ method, strlen(method) }, (vms_slice){ params, strlen(params) }, &outcome);
  printf("%s %s\n", outcome.result.data, vms_version());
  vms_outcome_free(&outcome);
  vms_service_close(service);
  vms_memory_close(&storage);
  return 0;
}
C
  export PKG_CONFIG_PATH=$T/root/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$T/root
}

@test "a program builds against the installed library and runs" {
  case $BUILD in */san) skip "a sanitizer build is not installed" ;; esac
  setup_program
  [ "$(pkg-config --modversion libvms)" = "$("$BUILD/vms-host" --version | cut -d' ' -f2)" ]
  gcc -std=c11 -Wall -Wextra -Wpedantic -Werror program.c -I"$T/root/usr/include" -L"$T/root/usr/lib" -lvms -o shared
  readelf -d shared | grep -q 'NEEDED.*libvms.so.0'
  LD_LIBRARY_PATH=$T/root/usr/lib expect 0 "42 0." ./shared
  # shellcheck disable=SC2046
  gcc -std=c11 program.c -I"$T/root/usr/include" "$T/root/usr/lib/libvms.a" $(pkg-config --static --libs-only-l libvms | sed 's/-lvms//') -o static
  expect 0 "42 0." ./static
  "$T/root/usr/bin/vms-audit" --version
  [ -f "$T/root/usr/share/man/man1/vms-host.1" ]
}

@test "a C++ compiler takes the headers" {
  echo '#include <vms.h>
int main() { return vms_version() == 0; }' > program.cc
  clang++ -std=c++17 -Wall -Wextra -I"$ROOT/include" -fsyntax-only program.cc
}
