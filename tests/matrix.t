#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mbsim test: several kernels and configurations, processes, and the forms of its report but for what
# tests/test.t looks at.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"
. "$top/tests/broken.sh"

first=${kernels# }
first=${first%% *}
few='memblock_totals memblock_is'

# what only sanitizers find; the rest has no need of them
case $MBSIM in
*/asan/*)
	broken bounds "$(in_function memblock_trim_memory \
		's/^{/{ static int v[4]; volatile int k = 4; v[k] = 1; barrier();/')"
	exits 'a sanitizer finds something' 1 "$MBSIM" test -m "$tmp/bounds.c" memblock_totals
	is 'in one test' "$(printf '%s\n' "$out" | grep -c '^    not ok')" 1
	like 'and says what' "$out" '^    # .*(out of bounds|global-buffer-overflow)'
	exits 'coverage, of which tests/coverage.t tells more' 0 "$MBSIM" test --coverage "$tmp/coverage" memblock_is
	done_testing
	;;
esac

# a matrix
# shellcheck disable=SC2086
exits 'two configurations' 0 "$MBSIM" test -k "$newest" -c x86_64 -c phys32 $few
is 'the plan counts them' "$(printf '%s\n' "$out" | sed -n 2p)" '1..2'
is 'each is a subtest' "$(printf '%s\n' "$out" | sed -n 's/^    # Subtest: //p')" "$newest x86_64
$newest phys32"
is 'results have their names' "$(printf '%s\n' "$out" | sed -n 's/^ok [0-9] //p')" "$newest x86_64
$newest phys32"
is 'each begins with what was tested' "$(printf '%s\n' "$out" | grep -c '^    # SHA-256: ')" 2
is 'plans come first at each level' \
	"$(printf '%s\n' "$out" | grep -cE '^ *1\.\.[0-9]+$')" \
	"$(printf '%s\n' "$out" | grep -cE '^ *KTAP version 1$')"
each=$(printf '%s\n' "$out" | sed -n 's/^    # Totals: .*total://p' | awk '{ n += $1 } END { print n }')
like 'the totals are the sum' "$out" "^# Totals: .* total:$each\$"
# shellcheck disable=SC2086
exits 'as JSON' 0 "$MBSIM" test -k "$newest" -c x86_64 -c phys32 --json $few
is 'two runs' "$(printf '%s\n' "$out" | jq -c '[.runs[].kernel.config]')" '["x86_64","phys32"]'
is 'and their sum' "$(printf '%s\n' "$out" | jq '.totals.total')" "$each"
# all tests, of all kernels
# shellcheck disable=SC2046,SC2086
for k in $kernels; do
	if [ "$k" = "$newest" ]; then
		# those that are left out differ from others in their addresses only
		configs=$("$MBSIM" kernel --json | jq -r '.configs[]' |
			grep -vx -e arm64-16k -e riscv64 -e ppc64-4k -e i386-pae)
		exits "$k: configurations" 0 "$MBSIM" test -k "$k" $(printf -- '-c %s ' $configs) --json
		is "$k: is there" "$(printf '%s\n' "$out" | jq -r '.runs[].kernel.config')" "$configs"
	else
		exits "$k: a few" 0 "$MBSIM" test -k "$k" -c x86_64 -c phys32 -c s390
	fi
	seed=0
	while [ $((seed += 1)) -le 6 ]; do
		exits "$k: shuffled by $seed" 0 "$MBSIM" test -k "$k" --shuffle=$seed
	done
done
exits 'made by clang' 0 env CC=clang "$MBSIM" test -k "$newest" -c phys32
broken fault "$(in_function memblock_trim_memory 's/^{/{ *(volatile int *)__va(0x123456789000ULL) = 1;/')"
exits 'a failure of one is one of all' 1 "$MBSIM" test -m "$tmp/fault.c" -c x86_64 -c arm64 memblock_totals
is 'each of them fails' "$(printf '%s\n' "$out" | grep -cE '^not ok [12] ')" 2
if terminal; then
	exits 'on a terminal' 0 env script -qec "$MBSIM test -k $newest -c x86_64 -c phys32 $few" /dev/null
	like 'a table' "$out" '^KERNEL +CONFIGURATION +PASSED +FAILED +KNOWN +SKIPPED +SECONDS'
	like 'with a line for each' "$out" "^$newest +phys32 +[0-9]+ +0 "
	unlike 'it is no KTAP' "$out" KTAP
else
	skip 'a table on a terminal' 'no terminal to be had'
fi
if [ "$first" != "$newest" ]; then
	# a memblock.c is not for every kernel
	exits 'one that cannot be built' 1 "$MBSIM" test -k "$newest" -k "$first" -m "$tmp/fault.c" memblock_totals
	like 'is told' "$err" 'cannot compile: '
	like 'and is not ok' "$out" "^not ok 2 $first x86_64\$"
	like 'the other is tested' "$out" '^        not ok [0-9]+ trim$'
fi

# processes
# shellcheck disable=SC2086
exits 'in this process' 0 "$MBSIM" test -j 0 $few
alone=$out
for jobs in 1 2 7; do
	# shellcheck disable=SC2086
	exits "$jobs processes" 0 "$MBSIM" test -j $jobs $few
	is "$jobs processes: the same report" "$out" "$alone"
done
exits 'nonsense for --jobs' 2 "$MBSIM" test -j few
if [ "$(uname -m)" = x86_64 ]; then
	broken exits "$(in_function memblock_trim_memory \
		's/^{/{ asm volatile("syscall" : : "a"(231), "D"(7) : "rcx", "r11", "memory");/')"
	exits 'one that ends its process' 1 "$MBSIM" test -m "$tmp/exits.c" memblock_totals
	is 'fails alone' "$(printf '%s\n' "$out" | grep -c '^    not ok')" 1
	like 'by name' "$out" '^    not ok [0-9]+ trim$'
	like 'with what happened' "$out" '^    # ended the process with status 7$'
	sed 's/"D"(7)/"D"(0)/' "$tmp/exits.c" >"$tmp/exits0.c"
	exits 'also with status 0' 1 "$MBSIM" test -j 1 -m "$tmp/exits0.c" memblock_totals
	is 'and the others run' "$(printf '%s\n' "$out" | grep -cE '^    (not )?ok [0-9]+ [a-z_]+$')" \
		"$("$MBSIM" test --list memblock_totals | wc -l)"
fi

# JUnit
exits 'JUnit' 1 "$MBSIM" test -m "$tmp/fault.c" --junit "$tmp/junit.xml"
like 'besides the report' "$out" '^KTAP version 1$'
ok 'it validates' xmllint --noout --schema "$top/tests/data/junit.xsd" "$tmp/junit.xml"
counted=$(xmllint --xpath 'concat(count(//testcase), " ", sum(//testsuite/@tests), " ", count(//failure),
	" ", sum(//testsuite/@failures), " ", count(//skipped), " ", sum(//testsuite/@skipped))' "$tmp/junit.xml")
totals=$(printf '%s\n' "$out" | sed -n 's/^# Totals: .* total:\([0-9]*\).*/\1/p')
failed=$(printf '%s\n' "$out" | sed -n 's/^# Totals: .* fail:\([0-9]*\).*/\1/p')
like 'it counts the same' "$counted" "^$totals $totals $failed $failed ([0-9]+) \\1\$"
like 'a failure is told in full' "$(xmllint --xpath '//failure[1]' "$tmp/junit.xml")" 'memory before, '
broken text "$(in_function memblock_trim_memory 's/^{/{ printk("<a> \&amp; ]]> \\x01\\n"); panic("<b>\\x02 \\xff");/')"
exits 'what the kernel says is text' 1 "$MBSIM" test --junit "$tmp/junit.xml" -m "$tmp/text.c" memblock_totals.trim
ok 'and validates' xmllint --noout --schema "$top/tests/data/junit.xsd" "$tmp/junit.xml"
like 'as it was' "$(xmllint --xpath 'string(//failure)' "$tmp/junit.xml")" '<a> &amp; ]]> [?]'
exits 'where it cannot be written' 2 "$MBSIM" test --junit "$tmp/none/junit.xml" memblock_is
like 'is told' "$err" 'none/junit.xml: '

# a debugger
exits 'gdb wants one test' 2 "$MBSIM" test --gdb memblock_is
like 'and says so' "$err" 'tests fit; name one'
exits 'without gdb' 2 env GDB=/nonexistent/gdb "$MBSIM" test --gdb memblock_totals.trim
like 'it is asked for' "$err" 'install gdb'
if command -v gdb >/dev/null; then
	printf '#!/bin/sh\nexec gdb -nx "$@"\n' >"$tmp/gdb"
	chmod +x "$tmp/gdb"
	printf 'break memblock_trim_memory\ncontinue\nfinish\ncontinue\n' >"$tmp/commands"
	# shellcheck disable=SC2016 # the inner shell's
	exits 'gdb' 0 sh -c 'GDB="$2/gdb" exec "$1" test --gdb memblock_totals.trim <"$2/commands"' sh "$MBSIM" "$tmp"
	like 'stops where the test begins' "$out" '^Breakpoint .*trim \(test='
	like 'and in memblock' "$out" '^Breakpoint .*memblock_trim_memory \(align='
	like 'and the test passes' "$out" '^    ok 1 trim$'
else
	skip 'gdb stops where the test begins' 'gdb is not installed'
fi
done_testing
