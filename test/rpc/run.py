#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Conformance from outside: WebSocket (RFC 6455), HTTP/1.1 (RFC 9112) and JSON-RPC 2.0, by a client that shares no code with the library.
   run.py [WORD...]     all cases, or those with one of the words in their name
BUILD names the build directory."""
import os, sys
sys.dont_write_bytecode = True
import cases
import closing, frames, handshake, limits, messages, methods, post, utf8  # noqa: F401 - they add their cases

script = os.path.join(cases.here, "contract.js")


def main():
    hosts = {
        "plain": cases.Host(script, "--anonymous", "--quiet", "--max-queue", "10000"),  # cases are many at once, and none shall find it full
        "signed": cases.Host(script, "--quiet"),
        "aborts": cases.Host(script, "--anonymous", "--quiet"),  # an abort takes the contract's memory, and with it what the others count
    }
    try:
        passed, failed = cases.run(hosts, sys.argv[1:])
    finally:
        said = [(name, host.said(), host.stop()) for name, host in hosts.items()]
    for name, text, status in said:
        # Whatever a connection does: the host neither breaks nor complains, and ends as it should.
        good = status == 0 and "ERROR" not in text and "runtime error" not in text
        passed, failed = passed + good, failed + (not good)
        print(f"{'ok' if good else 'not ok'} - the {name} host came through it all")
        if not good:
            print(f"# exit status {status}\n# " + text[-2000:].replace("\n", "\n# "))
    print(f"{passed} passed, {failed} failed")
    return failed != 0 or passed == 0


sys.exit(main())
