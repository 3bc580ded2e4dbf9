# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154
#
# For tests that break memblock, after kernels.sh: broken NAME SED-COMMAND makes a copy of the newest
# kernel's memblock.c that is broken, as $tmp/NAME.c; in_function FUNCTION COMMAND prints a sed
# command for the lines of a function's body only.

memblock=$(tree "$newest")/mm/memblock.c

broken() {
	sed "$2" "$memblock" >"$tmp/$1.c"
	if cmp -s "$memblock" "$tmp/$1.c"; then
		fail "$1: memblock.c could be broken" "the sed command changed nothing: $2"
	fi
}

in_function() {
	printf '/^[a-z].*[ *]%s(/,/^}/{%s}' "$1" "$2"
}
