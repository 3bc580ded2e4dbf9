#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# mbsim test --upstream: the tests of a kernel's own simulator, each alone.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

# Only their tests, not those of suite/ as well, unless it is said which.
up() {
	case "$*" in
	*upstream_* | *'*.'*) "$MBSIM" test --upstream "$@" ;;
	*) "$MBSIM" test --upstream "$@" 'upstream_*' ;;
	esac
}

theirs() {
	"$MBSIM" test "$@" 'upstream_*'
}

# copy NAME: a partial tree of the newest kernel's with its tests, as $tmp/NAME.
copy() {
	mkdir -p "$tmp/$1/tools/testing"
	cp -R "$tree/mm" "$tree/include" "$tree/Makefile" "$tmp/$1"
	cp -R "$tree/tools/testing/memblock" "$tmp/$1/tools/testing"
}

# change FILE SED-COMMAND: it must change something.
change() {
	sed "$2" "$1" >"$tmp/.changed"
	if cmp -s "$1" "$tmp/.changed"; then
		fail "$1 could be changed" "the sed command changed nothing: $2"
	fi
	cp "$tmp/.changed" "$1"
}

results() {
	printf '%s\n' "$out" | grep -E '^ +(not )?ok '
}

totals() {
	printf '%s\n' "$out" | sed -n "s/^# Totals:.* $1:\([0-9]*\).*/\1/p"
}

case $MBSIM in
*/asan/*) judged=$newest ;;
*) judged=$kernels ;;
esac
for k in $judged; do
	exits "$k: all pass" 0 up -k "$k"
	like "$k: all of them" "$out" '^# Totals: pass:[0-9]+ fail:0 skip:0 total:[0-9]+$'
	like "$k: where they are" "$out" '^# tests: .*/tools/testing/memblock$'
done
tree=$(tree "$newest")

# A file's functions that say they passed are its tests, and each is called once or more.
tests_of() {
	awk '/^static int .*\(void\)$/ { name = $3; sub(/\(.*/, "", name) }
		/test_pass_pop\(\)/ { print name }' "$tree"/tools/testing/memblock/tests/*.c | sort -u
}
if [ "$newest" = 6.12 ]; then
	exits 'the list' 0 up --list -k "$newest"
	is 'every test that says of itself that it passed is there' \
		"$(printf '%s\n' "$out" | sed 's/^[^.]*\.//; s,/.*,,' | sort -u)" "$(tests_of)"
	is 'its names are unique' "$(printf '%s\n' "$out" | sort | uniq -d)" ''
	is 'as many as its own main() counts, with nodes' "$(printf '%s\n' "$out" | wc -l)" 263
	exits 'without nodes' 0 up -k "$newest" --config x86_64-uma
	unlike 'no tests of nodes' "$out" 'numa'
	like 'others are there' "$out" '^    ok [0-9]+ alloc_top_down_simple_check$'
fi
# what follows compiles their tests time and again, of which a sanitizer sees nothing new
case $MBSIM in
*/asan/*)
	done_testing
	;;
esac

exits 'with clang' 0 env CC=clang "$MBSIM" test --upstream -k "$newest" "upstream_*"
exits 'with 64K pages it can be told what fails' 1 up -k "$newest" --config arm64-64k
like 'an assertion, and where it is' "$out" \
	'^    # upstream_[a-z_]+\.[a-z_/]+: ASSERT_[A-Z]+ failed at tools/testing/memblock/tests/[a-z_]+\.c:[0-9]+$'

# what is chosen
exits 'a suite' 0 up 'upstream_memblock_add'
is 'only it' "$(printf '%s\n' "$out" | sed -n 's/^1\.\.//p')" 1
exits 'a direction' 0 up '*.*/bottom_up'
unlike 'only it' "$out" 'top_down'
exits 'our own tests are others' 0 "$MBSIM" test --list
unlike 'none of theirs among them' "$out" '^upstream_'
exits 'theirs are further ones' 0 "$MBSIM" test --upstream memblock_totals upstream_memblock_trim_memory
is 'two suites' "$(printf '%s\n' "$out" | sed -n 's/^ok [0-9] //p')" "memblock_totals
upstream_memblock_trim_memory"
is 'which the plan counts' "$(printf '%s\n' "$out" | sed -n 's/^1\.\.//p')" 2

# what is broken is found, and the others run
copy broken
change "$tmp/broken/mm/memblock.c" '/^[a-z].*[ *]memblock_remove_range(/,/^}/s/end_rgn - 1/end_rgn - 2/'
exits 'a planted bug' 1 up -k "$tmp/broken"
like 'the test that finds it' "$out" '^    not ok [0-9]+ memblock_remove_within_check$'
like 'what was expected' "$out" '^    #     expected: memblock\.reserved\.cnt == 1$'
like 'what was seen' "$out" '^    #     memblock\.reserved\.cnt is 2 \(0x2\)$'
like 'the map' "$out" '^    # reserved after, 2 regions: 0x800000-0x1ffffff, 0x2000000-0x27fffff$'
is 'all of them ran' "$(totals total)" "$(results | wc -l)"
like 'others pass' "$out" '^    ok [0-9]+ memblock_add_simple_check$'

# each of these breaks memblock_trim_memory(), which some tests call
ends_alone() {
	copy "$1"
	change "$tmp/$1/mm/memblock.c" "/^void .*memblock_trim_memory(/,/^}/$2"
	exits "$1: fails" 1 up -T 1 -k "$tmp/$1"
	is "$1: only who calls it" "$(results | grep 'not ok' | grep -vc 'memblock_trim_memory')" 0
	is "$1: all of those" "$(results | grep -c 'not ok')" "$(results | grep -c trim_memory)"
	like "$1: with what happened" "$out" "^    # $3"
}
ends_alone panic 's/^{/{ panic("planted panic");/' 'panic: .*planted panic'
ends_alone endless 's/^{/{ for (;;) barrier();/' 'timeout: took too long.*memblock_trim_memory'
ends_alone fault 's/^{/{ *(volatile int *)64 = 1;/' 'fault: .*memblock_trim_memory'

# tests of another kernel
for k in $kernels; do
	[ "$k" != "$newest" ] || continue
	exits "$newest's memblock passes most tests of $k" 1 theirs -k "$newest" --upstream="$k"
	like 'but not what has changed' "$out" '^    not ok [0-9]+ memblock_initialization_check$'
	if [ "$(totals pass)" -gt $((9 * $(totals fail))) ]; then
		pass 'most'
	else
		fail 'most' "$out"
	fi
	exits "$newest's tests on $k" 1 theirs -k "$k" --upstream="$newest"
	is 'all have a result' "$(totals total)" "$(results | wc -l)"
done
copy newer
change "$tmp/newer/tools/testing/memblock/tests/basic_api.c" \
	'/^static int memblock_add_simple_check(/,/^}/s/memblock_add(/memblock_add_gently(/'
exits 'tests of another kernel that need what is not there' 0 \
	theirs -k "$newest" --upstream="$tmp/newer"
like 'are skipped alone' "$out" \
	'^    ok [0-9]+ memblock_add_simple_check # SKIP this kernel has no memblock_add_gently\(\)$'
is 'only they' "$(totals skip)" 1
exits 'in its own kernel that fails' 1 up -k "$tmp/newer"
is 'alone' "$(totals fail)" 1

# a file that cannot be compiled
copy syntax
change "$tmp/syntax/tools/testing/memblock/tests/alloc_nid_api.c" '/^static int alloc_nid_numa_simple_check(/,/^}/s/^{/{ (;/'
exits 'a file that cannot be compiled' 1 up -k "$tmp/syntax"
like 'is a test that fails' "$out" '^    not ok 1 compiles$'
like 'with the reason' "$out" \
	'^    # upstream_alloc_nid_api\.compiles: cannot be compiled: tools/testing/memblock/tests/alloc_nid_api\.c:[0-9]+:.*error: '
is 'nothing else fails' "$(totals fail)" 1
like 'the other files run' "$out" '^    ok [0-9]+ memblock_add_simple_check$'
copy lame
change "$tmp/lame/tools/testing/memblock/tests/common.c" 's/^static int verbose;/static int verbose = (;/'
exits 'without what tests are made of' 1 up -k "$tmp/lame"
is 'there are none' "$(totals total)" 1
is 'and nothing else is said' "$err" ''

# what is not there
copy none
rm -r "$tmp/none/tools"
exits 'a tree without tests' 2 up -k "$tmp/none"
like 'says so' "$err" 'no tools/testing/memblock in it'
exits 'it can have those of another' 0 theirs -k "$tmp/none" --upstream="$newest"
exits 'tests of a kernel that is not there' 2 "$MBSIM" test --upstream="$tmp/nowhere"
exits 'addresses that are too short' 2 up --config phys32
like 'are told of' "$err" 'phys32'
exits 'but are no hindrance where there are others' 0 "$MBSIM" test --upstream --config phys32 --config x86_64 \
	memblock_totals upstream_memblock_trim_memory
if command -v git >/dev/null; then
	copy git
	(cd "$tmp/git" && git init -q && git add . &&
		git -c user.name=n -c user.email=e@example.org commit -qm all) >/dev/null
	exits 'a revision' 0 up -k "$tmp/git@HEAD" 'upstream_memblock_add'
else
	skip 'a revision' 'no git'
fi
done_testing
