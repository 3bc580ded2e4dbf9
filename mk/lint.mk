# SPDX-License-Identifier: GPL-2.0-or-later
# What can be judged without running anything. tests/lint.t makes each part a test.

LINT = lint-format lint-gcc lint-tidy lint-rules lint-shell
.PHONY: lint format headers tidied lint-clang $(LINT)

lint: ## formatting, warnings of gcc and clang, clang-tidy, the rules of the house, shellcheck
	$(Q)scripts/setup --check
	$(Q)$(MAKE) -k $(LINT)

# Files that are ours: tracked or new, not ignored; without git, all but build/.
OURS = { git ls-files -co --exclude-standard 2>/dev/null || \
	find . -path ./build -prune -o -type f -print | sed 's,^\./,,'; } | \
	grep -v '^tests/data/' | while read -r f; do [ ! -f "$$f" ] || echo "$$f"; done
C_FILES = $$($(OURS) | grep '\.[ch]$$')
SHELL_FILES = $$(for f in $$($(OURS)); do \
	head -n 1 "$$f" | grep -qaE '^\#!.*\b(sh|bash)$$' && echo "$$f"; done) \
	$(wildcard tests/tap.sh)

lint-format: ## the formatting of C; `make format` mends it
	$(Q)clang-format --dry-run -Werror $(C_FILES)

format: ## format all C in place
	$(Q)clang-format -i $(C_FILES)

# Warnings of gcc end every build, with what only an optimiser sees. What is compiled here is not run.
lint-gcc: ## that every header compiles alone
	$(Q)$(MAKE) -k BUILD=$(BUILD)/lint-gcc CC=gcc SANITIZE= SILENT=1 CFLAGS=-O0 headers

# A build of its own, so that nothing that was compiled before hides a warning.
lint-clang: ## warnings of clang, of which lint-tidy tells as well
	$(Q)$(MAKE) -k BUILD=$(BUILD)/lint-clang CC=clang SANITIZE= SILENT=1 CFLAGS=-O0 objects

lint-tidy: ## clang-tidy, with the warnings of clang
	$(Q)$(MAKE) -k SANITIZE= tidied

lint-rules: ## the rules of the house
	$(Q)scripts/tidy

lint-shell: ## shellcheck
	$(Q)if command -v shellcheck >/dev/null; then \
		shellcheck -x -P SCRIPTDIR -e SC1090,SC1091,SC2154 -S warning $(SHELL_FILES); \
	fi

headers: $(HEADERS:%=$(OUT)/header/%.o)
	@:

$(OUT)/header/%.o: % $(OUT)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ -include $< -x c /dev/null

tidied: $(SRCS:%.c=$(OUT)/tidied/%) $(KUNIT:%.c=$(OUT)/tidied/%) $(UNITS:%.c=$(OUT)/tidied/%)
	@:

# Again whenever the object is compiled again; the analyser looks at few paths, which takes a thirtieth of
# the time.
$(OUT)/tidied/%: %.c $(OUT)/obj/%.o .clang-tidy
	@mkdir -p $(@D)
	$(Q)clang-tidy --quiet $< -- $(COMPILE_FLAGS) \
		-Xclang -analyzer-config -Xclang mode=shallow,max-nodes=5000 >$@.log 2>&1 || \
		{ grep -v 'warnings* generated' $@.log; exit 1; }
	@mv $@.log $@

-include $(HEADERS:%=$(OUT)/header/%.d)
