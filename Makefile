# SPDX-License-Identifier: MIT
# libvms: auditable services. `make help` lists the tasks.

CC := gcc
LD := ld
BUILD := build
DEPS := build/deps
PREFIX := /usr/local
DESTDIR :=
VERSION := $(shell sed -n 's/^\#define VMS_VERSION "\(.*\)"/\1/p' include/vms/base.h)
SOVERSION := 0
CFLAGS := -O2 -g
V :=# V=1 shows the commands
Q := $(if $(V),,@)
WERROR :=
SEED := 1
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
MAKEFLAGS += --no-builtin-rules
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2) --output-sync=target
endif

# No fused multiply-add, defined overflow, one signedness of char: what a contract can see depends on them.
DETERMINISM := -ffp-contract=off -fwrapv -fsigned-char -fno-fast-math
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes $(WERROR)
FLAGS = -std=c11 $(CFLAGS) $(WARN) $(DETERMINISM) -fPIC -fvisibility=hidden -Iinclude -I.
DUKTAPE_FLAGS = -std=c99 $(CFLAGS) -w $(DETERMINISM) -fPIC -fvisibility=hidden
# Under a fuzzer, the comparisons of the engine itself are too many to be told apart: a fifth of the speed.
ifneq ($(findstring fuzzer,$(CFLAGS)),)
DUKTAPE_FLAGS += -fno-sanitize-coverage=trace-cmp
endif
LIBS = $(shell pkg-config --libs libsodium libuv libcjson openssl) -lwslay -lhttp_parser -lpthread -lm

HOSTCC := cc
DUK := $(BUILD)/duktape
UNICODE := $(BUILD)/unicode
LIB_SRC := $(sort $(wildcard lib/*/*.c))
LIB_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(LIB_SRC)) $(DUK)/duktape.o # a new file needs no edit here
TOOLS := $(patsubst cli/%.c,$(BUILD)/%,$(sort $(wildcard cli/vms-*.c)))
SUPPORT_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard test/support/*.c)))
# test/<kind>/<module>_<topic>.c is one cmocka program, test/cli/*.bats one script, test/tools/*.c a tool of the tests.
UNIT := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard test/unit/*.c test/vectors/*.c test/property/*.c test/crash/*.c test/language/*.c)))
SCRIPTS := $(patsubst %.bats,$(BUILD)/%,$(sort $(wildcard test/cli/*.bats test/lies/*.bats)))
TEST_TOOLS := $(patsubst test/tools/%.c,$(BUILD)/test/tools/%,$(sort $(wildcard test/tools/*.c)))
BENCHES := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard test/bench/*.c)))
FUZZ := $(patsubst %.c,$(BUILD)/%,$(filter-out fuzz/driver.c,$(sort $(wildcard fuzz/*.c))))

.PHONY: all deps test test-run check counts differ fuzz hunt bench demo install tidy clean help
.DELETE_ON_ERROR:
.SECONDARY:

all: $(BUILD)/libvms.a $(BUILD)/libvms.so $(TOOLS) ## the library and the tools (default)

deps: ## install what build and tests need (apt), fetch pinned sources
	@pkgconfig/install-deps.sh all $(DEPS)
	@touch $(DEPS)/build.ok $(DEPS)/all.ok

$(DEPS)/build.ok: pkgconfig/install-deps.sh
	@pkgconfig/install-deps.sh build $(DEPS)
	@touch $@

$(DEPS)/all.ok: pkgconfig/install-deps.sh test/libraries/package-lock.json test/interop/package-lock.json | $(DEPS)/build.ok
	@pkgconfig/install-deps.sh all $(DEPS)
	@touch $@

$(DEPS)/check.ok: pkgconfig/install-deps.sh | $(DEPS)/all.ok
	@pkgconfig/install-deps.sh check $(DEPS)
	@touch $@

# --- compiling ---------------------------------------------------------------------------------

# A stamp that is rewritten only when the command line changes.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(FLAGS) $(DUKTAPE_FLAGS)' | cmp -s - $@ || echo '$(CC) $(FLAGS) $(DUKTAPE_FLAGS)' > $@
FORCE:

# Debian's pristine duktape.c with our patch, our configuration laid over the one it ships.
$(DUK)/duktape.c: lib/sandbox/duktape/duktape.patch lib/sandbox/duktape/vms_duk_config.h $(DEPS)/build.ok
	@rm -rf $(DUK) && mkdir -p $(DUK)
	$(Q)cp $(DEPS)/duktape-2.7.0/src/duktape.c $(DEPS)/duktape-2.7.0/src/duktape.h $(DUK)/
	$(Q)sed '/__OVERRIDE_DEFINES__/r lib/sandbox/duktape/vms_duk_config.h' $(DEPS)/duktape-2.7.0/src/duk_config.h > $(DUK)/duk_config.h
	$(Q)patch -s -p1 -d $(DUK) < lib/sandbox/duktape/duktape.patch

$(DUK)/duktape.o: $(DUK)/duktape.c $(BUILD)/flags
	@echo "  CC $@"
	$(Q)$(CC) $(DUKTAPE_FLAGS) -I$(DUK) -Iinclude -I. -MMD -MP -c -o $@ $<

# What is known about characters, on the machine that builds too.
$(UNICODE)/unicode_tables.h: lib/sandbox/unicode/make_tables.c $(DEPS)/build.ok
	@mkdir -p $(UNICODE)
	@echo "  TABLES $@"
	$(Q)$(HOSTCC) -O1 -w -o $(UNICODE)/make_tables lib/sandbox/unicode/make_tables.c
	$(Q)$(UNICODE)/make_tables $(DEPS)/unicode-15.0.0 > $@.new && mv $@.new $@

$(BUILD)/lib/sandbox/unicode.o: private FLAGS += -I$(UNICODE)
$(BUILD)/lib/sandbox/unicode.o: $(UNICODE)/unicode_tables.h

# The scripts of the engine, compiled on the machine that builds, by an engine without them. Bytecode is the same everywhere.
ENGINE_SCRIPTS := lib/sandbox/prelude.js lib/sandbox/lower_runtime.js
$(DUK)/scripts.h: $(ENGINE_SCRIPTS) lib/sandbox/duktape/compile_scripts.c lib/sandbox/number.c $(DUK)/duktape.c | $(UNICODE)/unicode_tables.h
	@echo "  SCRIPTS $@"
	$(Q)$(HOSTCC) -O0 -w -DVMS_NO_SCRIPTS -I$(DUK) -I$(UNICODE) -I. -Iinclude -o $(DUK)/compile_scripts lib/sandbox/duktape/compile_scripts.c \
	  $(wildcard lib/base/*.c lib/sandbox/*.c) $(DUK)/duktape.c -lm
	$(Q)$(DUK)/compile_scripts $(ENGINE_SCRIPTS) > $@.new && mv $@.new $@

$(BUILD)/lib/sandbox/%.o $(BUILD)/test/bench/language.o $(BUILD)/test/bench/natives.o $(BUILD)/fuzz/time_per_step.o: private FLAGS += -isystem $(DUK)
$(patsubst %.c,$(BUILD)/%.o,$(wildcard lib/sandbox/*.c)): $(DUK)/duktape.c $(DUK)/scripts.h
$(BUILD)/test/bench/language.o $(BUILD)/test/bench/natives.o $(BUILD)/fuzz/time_per_step.o: $(DUK)/duktape.c

$(BUILD)/%.o: %.c $(BUILD)/flags | $(DEPS)/build.ok
	@mkdir -p $(@D)
	@echo "  CC $<"
	$(Q)$(CC) $(FLAGS) -MMD -MP -c -o $@ $<

# One object in which only the public names are left: whoever links libvms.a may have a Duktape of their own.
$(BUILD)/libvms.a: $(LIB_OBJ)
	@rm -f $@
	$(Q)$(LD) -r -o $(BUILD)/libvms.o $^
	$(Q)objcopy --localize-hidden $(BUILD)/libvms.o
	$(Q)ar rcs $@ $(BUILD)/libvms.o

# With the internal names, for tests.
$(BUILD)/internal.a: $(LIB_OBJ)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(BUILD)/libvms.so: $(LIB_OBJ)
	@echo "  LD $@"
	$(Q)$(CC) $(CFLAGS) -shared -Wl,-soname,libvms.so.$(SOVERSION) -Wl,-z,defs -o $@ $^ $(LIBS)
	@ln -sf libvms.so $(BUILD)/libvms.so.$(SOVERSION)

$(BUILD)/vms-%: $(BUILD)/cli/vms-%.o $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(wildcard cli/vms-*.c),$(wildcard cli/*.c))) $(BUILD)/libvms.a
	@echo "  LD $@"
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/vms-call: private LIBS += -ledit # the prompt
$(BUILD)/vms-call: $(patsubst %.c,$(BUILD)/%.o,$(wildcard cli/call/*.c))

$(BUILD)/vms-audit: $(patsubst %.c,$(BUILD)/%.o,$(wildcard cli/audit/*.c))

# The script tool needs the sandbox alone: it is built for other machines without the other modules' libraries.
$(BUILD)/vms-js: $(BUILD)/cli/vms-js.o $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard lib/base/*.c lib/sandbox/*.c))) $(DUK)/duktape.o
	@echo "  LD $@"
	$(Q)$(CC) $(CFLAGS) -o $@ $^ -lm

# --- testing -----------------------------------------------------------------------------------

$(UNIT): $(BUILD)/%: $(BUILD)/%.o $(SUPPORT_OBJ) $(BUILD)/internal.a
	@echo "  LD $@"
	$(Q)$(CC) $(CFLAGS) -o $@ $^ -lcmocka $(LIBS)

$(BUILD)/test/vectors/sandbox_math: private LIBS += -lmpfr -lgmp # another library's results to compare with

$(TEST_TOOLS) $(BENCHES): $(BUILD)/%: $(BUILD)/%.o $(BUILD)/internal.a
	@echo "  LD $@"
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

$(UNIT:=.ok): %.ok: % | $(DEPS)/all.ok
	@echo "test $(patsubst $(BUILD)/test/%,%,$*)"
	@SEED=$(SEED) BUILD=$(BUILD) timeout 1800 $* > $*.log 2>&1 || { cat $*.log; exit 1; }
	@grep -a '^\[  PASSED  \]' $*.log
	@touch $@

$(SCRIPTS:=.ok): $(BUILD)/%.ok: %.bats $(TOOLS) $(BUILD)/libvms.so $(TEST_TOOLS) $(wildcard examples/*.js test/support/*.bash test/libraries/contract/*) | $(DEPS)/all.ok
	@mkdir -p $(@D)
	@echo "test $(patsubst test/%,%,$<)"
	@BUILD=$(BUILD) timeout 1800 bats $< > $(BUILD)/$*.log 2>&1 || { cat $(BUILD)/$*.log; exit 1; }
	@echo "$$(grep -c '^ok ' $(BUILD)/$*.log) passed"
	@touch $@

$(BUILD)/test/language.ok: $(BUILD)/vms-js $(wildcard test/language/*.sh test/language/cases/*)
	@mkdir -p $(@D)
	@echo "test language"
	@BUILD=$(abspath $(BUILD)) test/language/run.sh > $(BUILD)/test/language.log || { cat $(BUILD)/test/language.log; exit 1; }
	@tail -1 $(BUILD)/test/language.log
	@touch $@

# Each case bundled with its library: the same JSON here and in Node.
$(BUILD)/test/libraries.ok: $(BUILD)/vms-js $(wildcard test/libraries/*.mjs) test/libraries/package-lock.json | $(DEPS)/all.ok
	@mkdir -p $(@D)
	@echo "test libraries"
	@BUILD=$(abspath $(BUILD)) LIBRARIES=$(abspath $(DEPS))/libraries node test/libraries/run.mjs > $(BUILD)/test/libraries.log || { cat $(BUILD)/test/libraries.log; exit 1; }
	@tail -1 $(BUILD)/test/libraries.log
	@touch $@

# npm's hypercore at the other end of the wire.
$(BUILD)/test/interop.ok: $(BUILD)/test/tools/hypercore $(BUILD)/test/tools/drive $(BUILD)/vms-host $(BUILD)/vms-call $(BUILD)/libvms.so \
  examples/rsvp.js examples/counter.js doc/man/vms-host.1 doc/replication.md README.md \
  $(wildcard test/interop/*.mjs test/interop/*.js test/interop/*.py test/rpc/*) test/interop/package-lock.json | $(DEPS)/all.ok
	@mkdir -p $(@D)
	@echo "test interop"
	@BUILD=$(abspath $(BUILD)) INTEROP=$(abspath $(DEPS))/interop CC='$(CC)' CFLAGS='$(CFLAGS)' node test/interop/run.mjs > $(BUILD)/test/interop.log || { cat $(BUILD)/test/interop.log; exit 1; }
	@tail -1 $(BUILD)/test/interop.log
	@touch $@

# Conformance from outside; and exactly once, while connections are cut and the host is killed. Both logs end with a sum, which is what counts.
RPC := $(BUILD)/test/rpc/run $(BUILD)/test/rpc/cuts
$(RPC:=.ok): $(BUILD)/%.ok: $(BUILD)/vms-host $(BUILD)/vms-call $(BUILD)/vms-audit $(wildcard test/rpc/*) examples/counter.js | $(DEPS)/all.ok
	@mkdir -p $(@D)
	@echo "test $(patsubst test/%,%,$*)"
	@BUILD=$(abspath $(BUILD)) SEED=$(SEED) python3 $*.py > $(BUILD)/$*.log 2>&1 || { grep -A9 '^not ok' $(BUILD)/$*.log; tail -9 $(BUILD)/$*.log; exit 1; }
	@tail -1 $(BUILD)/$*.log | tee $(BUILD)/$*.sum
	@touch $@

test: ## run the fast tests; repeats only what changed
	@$(MAKE) --no-print-directory $(DEPS)/all.ok
	@$(MAKE) --no-print-directory test-run
	@awk '/^\[  PASSED  \]/ { passed += $$4 } /^ok /{ passed++ } /^not ok /{ failed++ } /^[0-9]+ passed, [0-9]+ failed/ { passed += $$1; failed += $$3 } \
	  END { printf "%d passed, %d failed\n", passed, failed; exit failed != 0 || passed == 0 }' $(UNIT:=.log) $(SCRIPTS:=.log) $(BUILD)/test/language.log $(BUILD)/test/libraries.log $(BUILD)/test/interop.log $(RPC:=.sum)

test-run: $(UNIT:=.ok) $(SCRIPTS:=.ok) $(BUILD)/test/language.ok $(BUILD)/test/libraries.ok $(BUILD)/test/interop.ok $(RPC:=.ok) tidy

SAN := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
check: ## what a release must pass: sanitizers, second compiler, fuzz corpus
	@$(MAKE) --no-print-directory $(DEPS)/check.ok
	$(MAKE) WERROR=-Werror BUILD=build/strict test
	MATH_ARGUMENTS=300000 build/strict/test/vectors/sandbox_math
	CUTS=40000 SEED=$(SEED) build/strict/test/crash/ledger_power_cut
	BUILD=build/strict GUESTS=1000 CONNECTIONS=1000 SECONDS_EACH=20 bats test/cli/crowd.bats
	CUTS=3000 SEED=$(SEED) build/strict/test/crash/service_once
	CALLS=2500 SEED=$(SEED) BUILD=build/strict bats test/cli/once.bats
	BUILD=build/strict INTEROP=$(DEPS)/interop node test/interop/drive_same.mjs --from $(SEED) --seeds 6 --operations 3000
	FILE_CALLS=500000 SEED=$(SEED) build/strict/test/property/archive_model
	CALLS=10000 KILLS=20 SEED=$(SEED) BUILD=build/strict python3 test/rpc/cuts.py
	node test/language/node.mjs --compare test/language/cases/*.js
	$(MAKE) WERROR=-Werror CC=clang BUILD=build/clang test
	$(MAKE) BUILD=build/san CFLAGS="$(SAN)" test
	test/language/matrix.sh
	$(MAKE) BUILD=build/san CFLAGS="$(SAN)" fuzz-corpus

counts: ## bring test/language/counts.txt up to date: steps and bytes of the corpus
	test/language/matrix.sh --write

DIFFER_SECONDS := 600
differ: $(BUILD)/vms-js ## random programs here and in Node, DIFFER_SECONDS long each kind
	for kind in differ differ_library; do BUILD=$(BUILD) node test/language/$$kind.mjs --seconds $(DIFFER_SECONDS) $(if $(filter command line,$(origin SEED)),--seed $(SEED)) || exit 1; done

$(FUZZ): $(BUILD)/fuzz/%: $(BUILD)/fuzz/%.o $(BUILD)/fuzz/driver.o $(BUILD)/internal.a
	@echo "  LD $@"
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

.PHONY: fuzz-corpus
fuzz-corpus: $(FUZZ)
	@for target in $(FUZZ); do $$target fuzz/corpus/$$(basename $$target) || exit 1; done

FUZZ_SECONDS := 60
LIBFUZZER := -O1 -g -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all
fuzz: | $(DEPS)/all.ok ## coverage-guided fuzzing, FUZZ_SECONDS each (clang)
	@$(MAKE) CC=clang BUILD=build/fuzz CFLAGS="$(LIBFUZZER)" build/fuzz/internal.a $(patsubst fuzz/%.c,build/fuzz/fuzz/%.o,$(filter-out fuzz/driver.c,$(wildcard fuzz/*.c)))
	@for t in $(basename $(notdir $(FUZZ))); do \
	  clang -fsanitize=address,undefined,fuzzer -o build/fuzz/fuzz/$$t build/fuzz/fuzz/$$t.o build/fuzz/internal.a $(LIBS) && \
	  mkdir -p build/fuzz/corpus/$$t fuzz/corpus/$$t && \
	  build/fuzz/fuzz/$$t -max_total_time=$(FUZZ_SECONDS) -timeout=20 -rss_limit_mb=4096 build/fuzz/corpus/$$t fuzz/corpus/$$t || exit 1; done

HUNT_SECONDS := 600
hunt: | $(DEPS)/all.ok ## search for scripts whose steps take long, HUNT_SECONDS long (clang); found ones go to build/hunt/found
	@$(MAKE) --no-print-directory CC=clang BUILD=build/hunt build/hunt/internal.a build/hunt/fuzz/time_per_step.o
	@clang -fsanitize=fuzzer -o build/hunt/time_per_step build/hunt/fuzz/time_per_step.o build/hunt/internal.a -lm
	@mkdir -p build/hunt/corpus build/hunt/found
	@HUNT=build/hunt/found build/hunt/time_per_step -max_total_time=$(HUNT_SECONDS) -max_len=96 -len_control=0 -reduce_inputs=0 -print_final_stats=0 \
	  -timeout=60 -rss_limit_mb=4096 build/hunt/corpus fuzz/corpus/time_per_step > build/hunt/log 2>&1; tail -3 build/hunt/log
	@ls build/hunt/found | sort -r | head -20

bench: $(BENCHES) $(TOOLS) ## measure; numbers with machine and spread
	@$(MAKE) --no-print-directory $(DEPS)/check.ok
	@for b in $(BENCHES); do echo "--- $$b"; BUILD=$(BUILD) $$b || exit 1; done
	@echo '--- test/bench/language.mjs'; BUILD=$(BUILD) node test/bench/language.mjs

# --- the rest ----------------------------------------------------------------------------------

demo: ## install what is missing, build, serve the RSVP contract, call it, audit it
	@$(MAKE) --no-print-directory $(DEPS)/build.ok
	@$(MAKE) --no-print-directory all $(BUILD)/test/tools/lie
	@BUILD=$(BUILD) examples/demo.sh

tidy: $(BUILD)/libvms.so ## layout and dependency rules
	@BUILD=$(BUILD) test/tidy.sh

install: all ## DESTDIR, PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include/vms $(DESTDIR)$(PREFIX)/share/man/man1 \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install -m 755 $(filter-out %vms-js,$(TOOLS)) $(DESTDIR)$(PREFIX)/bin
	install -m 644 include/vms.h $(DESTDIR)$(PREFIX)/include
	install -m 644 include/vms/*.h $(DESTDIR)$(PREFIX)/include/vms
	install -m 644 $(BUILD)/libvms.a $(DESTDIR)$(PREFIX)/lib
	install -m 755 $(BUILD)/libvms.so $(DESTDIR)$(PREFIX)/lib/libvms.so.$(VERSION)
	ln -sf libvms.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/libvms.so.$(SOVERSION)
	ln -sf libvms.so.$(SOVERSION) $(DESTDIR)$(PREFIX)/lib/libvms.so
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' pkgconfig/libvms.pc.in > $(DESTDIR)$(PREFIX)/lib/pkgconfig/libvms.pc
	install -m 644 doc/man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	for tool in vms-call vms-host vms-audit; do install -m 644 cli/completion.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/$$tool || exit 1; done

clean: ## remove everything made, but for fetched sources
	find build -mindepth 1 -maxdepth 1 ! -name deps -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

-include $(LIB_OBJ:.o=.d) $(SUPPORT_OBJ:.o=.d) $(UNIT:=.d) $(BENCHES:=.d) $(FUZZ:=.d) $(TEST_TOOLS:=.d) $(patsubst %.c,$(BUILD)/%.d,$(wildcard cli/*.c cli/*/*.c))
