#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# `make lint`, each part of it a test.
. "$(dirname "$0")/tap.sh"

cd "$top" || exit 2
build=${MBSIM%/mbsim}
# Other versions of these format otherwise, and warn of other things: what they say of code that was
# written with this one is no failure.
known=14
tool_of() {
	case $1 in
	format) echo clang-format ;;
	tidy) echo clang-tidy ;;
	esac
}

for part in format gcc tidy rules shell; do
	tool=$(tool_of "$part")
	if [ -n "$tool" ] && ! "$tool" --version 2>/dev/null | grep -q "version $known\."; then
		skip "lint-$part" "not $tool $known"
		[ "$part" != tidy ] || ok 'lint-clang' make -s BUILD="${build#"$top"/}" lint-clang
		continue
	fi
	ok "lint-$part" make -s BUILD="${build#"$top"/}" "lint-$part"
done
done_testing
