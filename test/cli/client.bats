# SPDX-License-Identifier: MIT
# The library's client from other languages: the examples of doc/client.md, run, and what they do not show.
load ../support/helpers

# example LANGUAGE: the first block of that language in doc/client.md
example() { awk -v open="\`\`\`$1" '$0 == open { on = 1; next } on && /^```$/ { exit } on' "$ROOT/doc/client.md"; }

# python FILE ARG...: with the library of this build, whose sanitizers want to be first
python() {
  local preload=
  if nm -D "$BUILD/libvms.so" | grep -q __asan_init; then preload=$(ldd "$BUILD/libvms.so" | awk '/lib(clang_rt\.)?asan/ { print $3 }'); fi
  LD_LIBRARY_PATH=$BUILD LD_PRELOAD=$preload ASAN_OPTIONS=detect_leaks=0 python3 "$@"
}

@test "the C example compiles against the public headers and calls" {
  ! nm -D "$BUILD/libvms.so" | grep -q __asan_init || skip "a program without sanitizers cannot load this build"
  example c > hello.c
  cc -std=c11 -Wall -Wextra -Werror -I"$ROOT/include" -o hello hello.c "$BUILD/libvms.so" -Wl,-rpath,"$BUILD"
  start_host "$EX/hello.js" --dir data
  run ./hello "$URL"
  [ "$status" -eq 0 ]
  [ "$output" = '"hello you"' ]
  run ./hello ws://127.0.0.1:1/
  [ "$status" -eq 1 ]
  [[ "$output" == *"nobody answers"*"hint: is vms-host running"* ]]
}

@test "the Python example calls, reads files, follows records, and names what fails" {
  example python > service.py
  cat > try.py <<'PY'
import ctypes, json, sys
from service import Service, ask, vms
url, ledger = sys.argv[1:3]
s = Service(url, timeout=60.5)
first = s.call("add", 2)
assert first["result"] == 2 and first["receipt"]["seq"] == first["seq"], first
assert first["receipt"]["ledger"] == ledger
info = s.call("vms.info")["result"]
assert info["ledger"] == ledger and "add" in info["methods"]
told = []
for record in s.records(0):
    if record is None: break
    told.append(record)
    if len(told) == info["head"]["length"]: break
assert [each["seq"] for each in told] == list(range(len(told))), told
assert told[0]["record"]["type"] == "init" and told[-1]["record"]["type"] == "call"
text = ctypes.c_void_p()
assert vms.vms_client_poll_text(s.client, 0, ctypes.byref(text)) == 0
assert ctypes.string_at(text) == b"{}"
vms.vms_text_free(text)

def fails(part, function, *args):
    try: function(*args)
    except RuntimeError as error: assert part in json.dumps(error.args[1]), error.args
    else: raise AssertionError(part)

fails('"code": -32601', s.call, "nothing")
fails("VMS_ERR_FORM", s.call, "bad\"name")
fails("VMS_ERR_FORM", ask, vms.vms_client_call_text, s.client, b"add", b"{}")
fails("VMS_ERR_FORM", ask, vms.vms_client_call_text, s.client, b"add", b"[1")
fails("VMS_ERR_ARGUMENT", Service, "ftp://127.0.0.1/")
fails("nobody answers", Service, "ws://127.0.0.1:1/")
fails("no option", lambda: Service(url, timeouts=1))
fails("no option", lambda: Service(url, timeout="1"))
fails("no option", lambda: Service(url, keep=1))
fails("VMS_ERR_FOREIGN", Service, url + "#" + "00" * 32)
fails("hint", Service, url + "#" + "00" * 32)
fails('"code": -32003', lambda: Service(url, anonymous=True).call("add", 1))
quiet = Service(url, receipts=False, keep="kept", key="key2", retry=False)
second = quiet.call("add", 1)
assert second["result"] == 3 and "receipt" not in second, second
vms.vms_client_close(quiet.client)
vms.vms_client_close(s.client)
print("all well")
PY
  start_host "$EX/counter.js" --dir data
  run python try.py "$URL" "$LEDGER"
  echo "$output"
  [ "$status" -eq 0 ]
  [ "${lines[-1]}" = "all well" ]
  [ "$(wc -l < kept/pins)" -eq 2 ] # with the remark on top
  expect 0 "ok: " audit "$URL"
}

@test "a folder that cannot be written is a warning beside the answer" {
  example python > service.py
  cat > try.py <<'PY'
import sys
from service import Service
answer = Service(sys.argv[1], keep="/dev/null/vms").call("add", 1)
assert answer["result"] == 1 and "/dev/null" in answer["warning"], answer
print("all well")
PY
  start_host "$EX/counter.js" --dir data
  run python try.py "$URL"
  echo "$output"
  [ "$status" -eq 0 ]
}
