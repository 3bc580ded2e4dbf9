#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the documentation shows is what happens.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

# indented PATTERN FILE: the lines indented by four behind the first that matches, up to the next
# that is not or is a command.
sed -n '/^    \$ cat double.mb/,/^$/p' "$top/README.md" | sed -n 's/^    \([^$]\)/\1/p' >"$tmp/double.mb"
like 'README: the script is there' "$(cat "$tmp/double.mb")" '^memblock_add 0 1G$'
exits 'README: the script holds' 0 "$MBSIM" run --trace "$tmp/double.mb"
got=$out
sed -n '/^    \$ mbsim run --trace double.mb/,/^$/p' "$top/README.md" | sed -n 's/^    \([^$]\)/\1/p' >"$tmp/shown"
# offsets within functions are the compiler's
plain() {
	sed 's/+0x[0-9a-f]*\/0x[0-9a-f]*//'
}
if [ "$newest" = 6.12 ]; then
	is 'README: it prints what is shown' \
		"$(printf '%s\n' "$got" | tail -n "$(wc -l <"$tmp/shown")" | plain)" "$(plain <"$tmp/shown")"
else
	skip 'README: it prints what is shown' 'shown for 6.12'
fi

sed -n '/^    The first difference/,/^## /s/^    //p' "$top/README.md" >"$tmp/shown"
like 'README: a difference is shown' "$(cat "$tmp/shown")" '^.memblock_alloc '
if [ "$newest" = 6.12 ]; then
	sed 's/= round_down(this_end - size, align)/= round_down(this_end - size, 2 * align)/' \
		"$(tree 6.12)/mm/memblock.c" >"$tmp/patched.c"
	exits 'README: mbsim diff finds it' 1 "$MBSIM" diff -k 6.12 -m "$tmp/patched.c" run "$tmp/double.mb"
	is 'README: and prints what is shown' "$(printf '%s\n' "$out" | grep -vxF -f - "$tmp/shown")" ''
else
	skip 'README: mbsim diff finds it' 'shown for 6.12'
fi

# The map of the machine that ships with mbsim, without what depends on the version of the kernel.
sed -n '/^Exit status/q; s/^    \( *[-=0-9A-Zn].*\)/\1/p' "$top/README.md" | grep -v -e '^\$' -e '^make ' >"$tmp/shown"
like 'README: a boot is shown' "$(cat "$tmp/shown")" 'kernel image'
if [ "$newest" = 6.12 ]; then
	"$MBSIM" boot | sed 's/ *$//' >"$tmp/boot"
	is 'README: mbsim boot prints it' "$(grep -vxF -f "$tmp/boot" "$tmp/shown" | grep -v '^All checks')" ''
else
	skip 'README: mbsim boot prints it' 'shown for 6.12'
fi

sed -n '/^\.Sh EXAMPLES/,/^\.Ed/p' "$top/docs/mbsim-script.5" | grep -v '^\.' >"$tmp/man.mb"
exits 'mbsim-script(5): the example holds' 0 "$MBSIM" run "$tmp/man.mb"
sed -n '/^# What is reserved/,/^\.Ed/p' "$top/docs/mbsim-script.5" | grep -v '^\.' >"$tmp/man.mb"
exits 'mbsim-script(5): so does the one of the hand-over' 0 "$MBSIM" run "$tmp/man.mb"

for command in boot explain replay layout test diff fuzz mutate run kernel; do
	exits "mbsim $command --help" 0 "$MBSIM" "$command" --help
	is "mbsim $command --help: nothing on standard error" "$err" ''
	for option in $(printf '%s\n' "$out" | sed -n 's/^  *\(-., \)*--\([a-z-]*\).*/\2/p'); do
		case $option in help | usage) continue ;; esac
		like "mbsim(1) has --$option" "$(cat "$top/docs/mbsim.1")" "(Fl -|, -)$option( |\$)"
	done
done

for key in $("$MBSIM" layout generate help | cut -d' ' -f1); do
	like "mbsim-layout(5) has $key=" "$(cat "$top/docs/mbsim-layout.5")" "^\.It Cm $key\$"
done

# name and meaning of each check, one a line
perl -0777 -ne 'print "$1\t$2\n" while /\{\s*"([a-z-]+)",\s*"([^"]+)",\s*CHECK_/g' "$top/check/table.c" >"$tmp/checks"
is 'all checks are found' "$(wc -l <"$tmp/checks")" "$(grep -c '^	\[[A-Z_]*\] = {' "$top/check/table.c")"
while IFS='	' read -r check meaning; do
	is "mbsim(1) tells of the check $check what the table does" \
		"$(grep -xA1 "\.It Cm $check" "$top/docs/mbsim.1" | sed -n 2p)" "$meaning"
done <"$tmp/checks"

for man in "$top"/docs/*.[15]; do
	if command -v mandoc >/dev/null; then
		is "$(basename "$man"): mandoc has nothing to say" \
			"$(mandoc -T lint -W warning "$man" 2>&1)" ''
	else
		skip "$(basename "$man")" 'no mandoc'
	fi
done
done_testing
