# SPDX-License-Identifier: GPL-2.0-or-later
#
# `make help` lists what can be made. Variables of the command line:
#
#	CC=clang	the compiler; objects follow a change of compiler or flags
#	SANITIZE=1	build for ASan and UBSan, in build/asan
#	CFLAGS=		optimisation and debugging
#	WERROR=		warnings of an unknown compiler do not stop the build
#	PREFIX=		where to install, /usr/local by default; DESTDIR= in front of it
#	MUTATE=		options of `mbsim mutate`, for `make mutate`
#	TESTS=		what `make check` runs: tests/NAME.t and tests/unit/NAME.c
#	V=1		show the commands

VERSION = 0.1.0

# The parts of mbsim; each may use those after it (see scripts/tidy). kernel/ and suite/
# are missing here: mbsim compiles them itself, together with the kernel's memblock.c.
PARTS = cmd report picture explain mutate diff record replay fuzz model boot handover runner check mm layout call engine lib
LIBS = jansson smartcols libelf libmd libxml-2.0

# The memory map that `make demo` boots.
DEMO = $(firstword $(wildcard data/demo.* data/*.layout data/*/*.layout))

ifeq ($(origin CC),default)
CC = gcc
endif
CFLAGS = -O2 -g
WERROR = -Werror
PREFIX = /usr/local
BUILD = build
V =
SILENT =

override SANITIZE := $(filter-out 0 no,$(SANITIZE))
OUT = $(BUILD)$(if $(SANITIZE),/asan)
Q = $(if $(V),,@)
say = $(if $(V)$(SILENT),,@printf '  %-6s %s\n' '$(1)' '$(2)')
quote = '$(subst ','\'',$(1))'

# As many jobs as processors, unless somebody says otherwise or calls this make.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1)
endif
MAKEFLAGS += --no-builtin-rules --no-print-directory

WARNINGS = -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wformat=2 \
	-Wno-format-nonliteral -Wvla $(WERROR)
# The sanitizers' own code makes gcc see uninitialised variables where there are none.
SANITIZERS = -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer $(if $(findstring clang,$(CC)),,-Wno-maybe-uninitialized)

# libfdt has no file for pkg-config in some distributions.
FDT := $(if $(shell echo "\#include <libfdt.h>" | $(CC) $(CPPFLAGS) -E - 2>/dev/null),-lfdt)

# their headers are not ours to be judged
LIB_CFLAGS := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(LIBS) 2>/dev/null))
LIB_LIBS := $(shell pkg-config --libs $(LIBS) 2>/dev/null)

ALL_CPPFLAGS = -D_GNU_SOURCE -I. $(if $(SANITIZE),-DMBSIM_SANITIZE) $(LIB_CFLAGS) $(CPPFLAGS)
# frame pointers: a fault in mbsim's code tells which kernel function asked for it
ALL_CFLAGS = -std=gnu11 -fno-omit-frame-pointer $(CFLAGS) $(WARNINGS) $(if $(SANITIZE),$(SANITIZERS))
ALL_LDFLAGS = $(if $(SANITIZE),-fsanitize=address$(,)undefined) $(LDFLAGS)
ALL_LIBS = $(LIB_LIBS) $(FDT) -ldl
, := ,

SRCS := $(wildcard $(PARTS:%=%/*.c))
# files that are put into mbsim as they are
EMBEDS := $(wildcard $(PARTS:%=%/*.S))
KUNIT := $(wildcard kunit/*.c)
UNITS := $(wildcard tests/unit/*.c)
HEADERS := $(wildcard $(PARTS:%=%/*.h) kunit/*.h)

OBJS = $(SRCS:%.c=$(OUT)/obj/%.o) $(EMBEDS:%.S=$(OUT)/obj/%.o)
LIB_OBJS = $(filter-out %/cmd/main.o,$(OBJS))
KUNIT_OBJS = $(KUNIT:%.c=$(OUT)/obj/%.o)
UNIT_OBJS = $(UNITS:%.c=$(OUT)/obj/%.o)
UNIT_PROGS = $(UNITS:%.c=$(OUT)/%)

# Where mbsim finds its files once installed, and its version with the commit, if there is
# one: only sources that name them depend on them.
NAMED := $(if $(SRCS),$(shell grep -lE 'MBSIM_(VERSION|DATADIR)' $(SRCS)))
COMMIT := $(if $(wildcard .git),$(shell git describe --always --dirty --exclude '*' 2>/dev/null))
NAMES = -DMBSIM_VERSION='"$(VERSION)$(COMMIT:%=-g%)"' -DMBSIM_DATADIR='"$(PREFIX)/share/mbsim"'
COMPILE_FLAGS = $(ALL_CPPFLAGS) $(if $(filter $<,$(NAMED)),$(NAMES)) $(ALL_CFLAGS)

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all units objects demo check mutate bench clean help FORCE

all: $(OUT)/mbsim ## mbsim, as build/mbsim (the default)

units: $(UNIT_PROGS) ## the unit tests, as build/tests/unit/NAME
	@:

objects: $(OBJS) $(KUNIT_OBJS) $(UNIT_OBJS)
	@:

# A file that is written anew only if what it says has changed.
define keep
	@mkdir -p $(@D)
	@printf '%s\n' $(call quote,$(1)) >$@.$$$$ && \
	if cmp -s $@.$$$$ $@; then rm -f $@.$$$$; else mv -f $@.$$$$ $@; fi
endef

$(OUT)/flags: FORCE
	@$(if $(and $(LIB_LIBS),$(FDT)),:,echo 'A library of $(LIBS) libfdt is missing: run scripts/setup' >&2; exit 2)
	$(call keep,$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(ALL_LIBS))

$(OUT)/names: FORCE
	$(call keep,$(NAMES))

$(OUT)/list: FORCE
	$(call keep,$(OBJS))

$(NAMED:%.c=$(OUT)/obj/%.o): $(OUT)/names

$(OUT)/obj/%.o: %.c $(OUT)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<$(if $(SANITIZE), (sanitizers)))
	$(Q)$(CC) $(COMPILE_FLAGS) -MMD -MP -c -o $@ $<

$(OUT)/obj/%.o: %.S $(OUT)/flags
	@mkdir -p $(@D)
	$(call say,AS,$<)
	$(Q)$(CC) -c -o $@ $<

$(OUT)/obj/report/web.o: $(wildcard report/web/*)

$(OUT)/mbsim: $(OBJS) $(OUT)/list $(OUT)/flags
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(OBJS) $(ALL_LIBS)

# For the unit tests: everything but main().
$(OUT)/libmbsim.a: $(LIB_OBJS) $(OUT)/list
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $(LIB_OBJS)

$(OUT)/tests/unit/%: $(OUT)/obj/tests/unit/%.o $(KUNIT_OBJS) $(OUT)/libmbsim.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(OUT)/bench/%: $(OUT)/obj/bench/%.o $(OUT)/libmbsim.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(ALL_LIBS)

demo: ## install what is missing, build, and boot the memory map that ships with mbsim
	$(Q)scripts/setup
	$(Q)$(MAKE) all
	@echo '$$ $(BUILD)/mbsim boot $(DEMO)'
	$(Q)$(BUILD)/mbsim boot $(DEMO)

check: ## all tests, with and without sanitizers, and lint: the gate for every change
	$(Q)scripts/setup --check
	$(Q)$(MAKE) SANITIZE= all units
	$(Q)$(MAKE) SANITIZE=1 all units
	$(Q)BUILD=$(BUILD) tests/run $(TESTS)

mutate: all ## is the suite good enough? Break memblock.c in small ways and see (docs/testing.md)
	$(Q)$(BUILD)/mbsim mutate $(MUTATE)

bench: ## measure what a kernel developer waits for, beside what it can be compared with
	$(Q)$(MAKE) all $(addprefix $(BUILD)/bench/,engine handover replay fuzz)
	$(Q)BUILD=$(BUILD) bench/run

clean: ## remove build/
	$(Q)rm -rf $(BUILD)

help: ## this list
	@echo 'Targets; the head of the Makefile lists the variables.'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | sort | expand -t 16

include mk/install.mk mk/lint.mk mk/fuzz.mk

-include $(OBJS:.o=.d) $(KUNIT_OBJS:.o=.d) $(UNIT_OBJS:.o=.d)
