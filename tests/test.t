#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# mbsim test: what it runs, what it reports, and that it finds what is broken on purpose.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"
. "$top/tests/broken.sh"

results() {
	printf '%s\n' "$out" | grep -E '^ +(not )?ok '
}

for k in $kernels; do
	exits "$k: all tests pass" 0 "$MBSIM" test -k "$k"
	like "$k: there are tests" "$out" '^# Totals: pass:[0-9]{3,} fail:0 skip:[0-9]+ total:[0-9]{3,}$'
done

# what a report begins with
is 'KTAP: the version comes first' "$(printf '%s\n' "$out" | sed -n 1p)" 'KTAP version 1'
like 'KTAP: the hash of memblock.c' "$out" "^# SHA-256: $(sha256sum <"$memblock" | cut -d' ' -f1)\$"
like 'KTAP: the configuration' "$out" '^# configuration: x86_64$'
like 'KTAP: the seed' "$out" '^# seed: none'
is 'KTAP: the plan counts the suites' \
	"$(printf '%s\n' "$out" | grep -cE '^(not )?ok ')" "$(printf '%s\n' "$out" | sed -n 's/^1\.\.//p')"
is 'KTAP: the plans of the suites count the tests' \
	"$(results | wc -l)" "$(printf '%s\n' "$out" | awk '/^    1\.\./ { sub(/.*\.\./, ""); n += $0 } END { print n }')"
is 'KTAP: results have the names of the subtests' \
	"$(printf '%s\n' "$out" | sed -n 's/^ok [0-9]* \([^ ]*\).*/\1/p')" \
	"$(printf '%s\n' "$out" | sed -n 's/^    # Subtest: //p')"
is 'KTAP: every suite begins with its version' \
	"$(printf '%s\n' "$out" | grep -c '^    KTAP version 1$')" \
	"$(printf '%s\n' "$out" | grep -c '^    # Subtest: ')"
if command -v prove >/dev/null; then
	printf '%s\n' "$out" >"$tmp/all.ktap"
	ok 'prove accepts it' prove -e cat "$tmp/all.ktap"
fi
source_tar=/usr/src/linux-source-6.12.tar.xz
if [ -f "$source_tar" ] && command -v python3 >/dev/null; then
	(cd "$tmp" && tar -xJf "$source_tar" --wildcards '*/tools/testing/kunit/*.py')
	exits 'kunit.py accepts it' 0 timeout 60 python3 "$tmp"/*/tools/testing/kunit/kunit.py parse "$tmp/all.ktap"
	counted=$(printf '%s\n' "$out" | sed -n 's/.*Ran \([0-9]*\) tests.*/\1/p')
	is 'kunit.py counts the same' "$counted" "$(grep -cE '^ +ok ' "$tmp/all.ktap")"
else
	skip 'kunit.py accepts it' 'no sources of 6.12, or no python3'
fi

# which tests
exits 'the list' 0 "$MBSIM" test --list
all=$(printf '%s\n' "$out" | wc -l)
is 'names are unique' "$(printf '%s\n' "$out" | sort | uniq -d)" ''
exits 'a suite' 0 "$MBSIM" test --list memblock_is
unlike 'no other suite' "$out" '^(memblock_is[^.]|[^m])'
exits 'a suite and a test' 0 "$MBSIM" test --list 'memblock_is.address'
like 'the parameters of a test' "$out" '^memblock_is\.address/first$'
exits 'a glob' 0 "$MBSIM" test --list '*.*/bottom_up'
unlike 'only what fits' "$out" 'top_down'
exits 'several globs' 0 "$MBSIM" test 'memblock_is.*' 'memblock_totals.trim'
is 'two suites run' "$(printf '%s\n' "$out" | sed -n 's/^1\.\.//p')" 2
exits 'a glob that fits nothing' 2 "$MBSIM" test 'memblock_none'
like 'it is named' "$err" "no test fits 'memblock_none'"
exits 'nonsense for --repeat' 2 "$MBSIM" test --repeat 0
exits 'nonsense for --shuffle' 2 "$MBSIM" test --shuffle=x

# order
exits 'shuffled' 0 "$MBSIM" test --shuffle=7
like 'the seed is told' "$out" '^# seed: 7$'
first=$out
exits 'shuffled again' 0 "$MBSIM" test --shuffle=7
is 'the same seed, the same order' "$out" "$first"
exits 'another seed' 0 "$MBSIM" test --shuffle=8
if [ "$out" = "$first" ]; then
	fail 'another seed, another order'
else
	pass 'another seed, another order'
fi
exits 'a seed of its own' 0 "$MBSIM" test --shuffle memblock_is
like 'it is told, too' "$out" '^# seed: [0-9]+$'
exits 'repeated' 0 "$MBSIM" test --repeat 3 memblock_totals

# JSON
exits 'JSON' 0 "$MBSIM" test --json
is 'JSON: as many tests as in the list' \
	"$(printf '%s\n' "$out" | jq -r '"\(.tests | length) \(.totals.total)"')" "$all $all"
is 'JSON: the hash of memblock.c' "$(printf '%s\n' "$out" | jq -r .kernel.memblock_sha256)" \
	"$(sha256sum <"$memblock" | cut -d' ' -f1)"
exits 'a function that a kernel lacks is a skip with its name' 0 "$MBSIM" test -k "$newest" --json \
	'*memblock_alloc_or_panic*'
like 'its name' "$out" 'this kernel has no memblock_alloc_or_panic\(\)|"passed"'

# what is broken is found
broken bug "$(in_function memblock_remove_range 's/end_rgn - 1/end_rgn - 2/')"
exits 'a planted bug' 1 "$MBSIM" test -m "$tmp/bug.c"
like 'it fails a test of what is broken' "$out" '^    not ok [0-9]+ region/inside$'
like 'where' "$out" '^    # memblock_remove_relations.region/inside: EXPECT failed at suite/relations\.c:[0-9]+$'
like 'the map before' "$out" '^    # memory before, 1 regions: 0x2000000-0x3ffffff$'
like 'the map after' "$out" '^    # memory after, 3 regions: 0x2000000-0x27fffff, 0x2800000-0x2ffffff, 0x3000000-0x3ffffff$'
exits 'others pass' 0 "$MBSIM" test -m "$tmp/bug.c" memblock_is
exits 'the first failure is enough' 1 "$MBSIM" test -m "$tmp/bug.c" --stop-on-failure --json
is 'nothing runs after it' "$(printf '%s\n' "$out" | jq '.totals.failed')" 1
exits 'JSON tells the map' 1 "$MBSIM" test -m "$tmp/bug.c" --json memblock_remove_relations.region/inside
is 'as numbers' "$(printf '%s\n' "$out" | jq -c '.tests[0].after.memory[0] | [.start, .size]')" '[33554432,8388608]'

# each of these breaks memblock_trim_memory(), which one test calls
ends_alone() {
	broken "$1" "$(in_function memblock_trim_memory "$2")"
	exits "$1: fails" 1 "$MBSIM" test -T 1 -m "$tmp/$1.c" memblock_totals
	is "$1: alone" "$(results | grep -c 'not ok')" 1
	like "$1: by name" "$out" '^    not ok [0-9]+ trim$'
	like "$1: with what happened" "$out" "^    # $3"
}
ends_alone panic 's/^{/{ panic("planted panic");/' 'panic: .*planted panic'
ends_alone bug_on 's/^{/{ BUG();/' 'BUG: '
ends_alone endless 's/^{/{ for (;;) barrier();/' 'timeout: took too long.*memblock_trim_memory'
ends_alone fault 's/^{/{ *(volatile int *)__va(0x123456789000ULL) = 1;/' 'fault: .*0x123456789000.*memblock_trim_memory'
ends_alone recursion 's/^{/{ volatile char deep[4096]; deep[0] = 1; memblock_trim_memory(align + deep[0]);/' 'fault: '

# what cannot be built is not a failure of the tests
broken syntax "$(in_function memblock_trim_memory 's/^{/{ (;/')"
exits 'a memblock.c that cannot be compiled' 125 "$MBSIM" test -m "$tmp/syntax.c"
like 'the reason' "$err" 'cannot compile: .*syntax\.c:[0-9]+'
exits 'a memblock.c that is not there' 2 "$MBSIM" test -m "$tmp/none.c"
done_testing
