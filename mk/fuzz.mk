# SPDX-License-Identifier: GPL-2.0-or-later
#
# Fuzzers of what reads input, and of memblock, built as OSS-Fuzz builds: CC, CFLAGS and LIB_FUZZING_ENGINE say
# how. Without them: clang, its sanitizers, and libFuzzer. scripts/fuzz runs them.

LIB_FUZZING_ENGINE = -fsanitize=fuzzer
FUZZ_CFLAGS = -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined
# a device tree's source is read by dtc, and a directory is no input of bytes
FUZZ_FORMATS := any $(filter-out dts dt-dir,$(shell sed -n 's/^\t\.name = "\([a-z0-9-]*\)",$$/\1/p' layout/*.c))

.PHONY: fuzz-targets fuzz-programs

fuzz-targets: ## fuzzers of readers of layouts, and of memblock, in build/fuzz (scripts/fuzz runs them)
	$(Q)$(MAKE) BUILD=$(BUILD)/fuzz SANITIZE= $(if $(filter command% environment%,$(origin CC)),,CC=clang) \
		$(if $(filter command% environment%,$(origin CFLAGS)),,CFLAGS='$(FUZZ_CFLAGS)') fuzz-programs

fuzz-programs: $(FUZZ_FORMATS:%=$(BUILD)/layout-%) $(BUILD)/calls

$(BUILD)/layout-any: $(BUILD)/obj/tests/fuzz/layout.o $(BUILD)/libmbsim.a
$(BUILD)/calls: $(BUILD)/obj/tests/fuzz/calls.o $(BUILD)/libmbsim.a
$(BUILD)/layout-any $(BUILD)/calls:
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(LIB_FUZZING_ENGINE) -o $@ $^ $(ALL_LIBS)

# the name says which format it is for
$(BUILD)/layout-%: $(BUILD)/layout-any
	$(Q)cp $< $@
