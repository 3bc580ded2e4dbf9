#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# mbsim test: failures by bugs that are known of a memblock.c are expected, by its text.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"
. "$top/tests/broken.sh"

[ "$newest" = 6.12 ] || skip_all 'linux-source-6.12 is not installed'
t=memblock_sums.end_of_no_memory

exits 'a known bug is no failure' 0 "$MBSIM" test $t
like 'it is told, with its function' "$out" '^    ok 1 end_of_no_memory # XFAIL memblock_end_of_DRAM\(\): '
like 'it counts among what passed' "$out" '^# Totals: pass:1 fail:0 skip:0 total:1$'
like 'and is told apart' "$out" '^# Expected failures among those that pass: 1$'
like 'what was expected is there' "$out" '^    # .*end_of_no_memory: .*EXPECT.* failed at suite/'
exits 'with --strict it is a failure' 1 "$MBSIM" test --strict $t
like 'as others are' "$out" '^    not ok 1 end_of_no_memory$'
exits 'as JSON' 0 "$MBSIM" test --json $t
is 'it has a status of its own' "$(printf '%s\n' "$out" | jq -c '[.tests[0].status, .totals.known, .totals.passed]')" \
	'["known",1,0]'
exits 'as JUnit' 0 "$MBSIM" test --junit "$tmp/junit.xml" $t
is 'it is skipped, with the bug' "$(xmllint --xpath 'starts-with(//skipped/@message, "known bug: memblock_end_of_DRAM")' "$tmp/junit.xml")" true
if terminal; then
	exits 'on a terminal' 0 env script -qec "$MBSIM test $t" /dev/null
	like 'it is named' "$out" '^known bug: memblock_sums.end_of_no_memory: '
else
	skip 'on a terminal it is named' 'no terminal to be had'
fi

# its text is there, and yet it is not wrong
broken passes "$(in_function memblock_end_of_DRAM 's/^{/{ if (!memblock.memory.cnt) return 0;/')"
exits 'a test that passes all the same is a failure' 1 "$MBSIM" test -m "$tmp/passes.c" $t
like 'and says why' "$out" '^    # passes, though memblock_end_of_DRAM\(\) has a known bug'

# mended, as a developer would
broken mended "$(in_function memblock_end_of_DRAM 's/int idx = memblock.memory.cnt - 1;/& if (idx < 0) return 0;/')"
exits 'what is mended passes' 0 "$MBSIM" test -m "$tmp/mended.c" $t
like 'as others do' "$out" '^    ok 1 end_of_no_memory$'

# a bug that this kernel no longer has, brought back
broken back "$(in_function memblock_validate_numa_coverage 's/> threshold_bytes/>= threshold_bytes/')"
exits 'what comes back is known' 0 "$MBSIM" test -m "$tmp/back.c" memblock_answers
is 'in each of its tests' "$(printf '%s\n' "$out" | grep -c ' numa_coverage_at_threshold.* # XFAIL .*9cdc6423acb4')" 2

for k in $kernels; do
	exits "$k: strictly" 1 "$MBSIM" test -k "$k" --strict
	failed=$(printf '%s\n' "$out" | sed -n 's/^# Totals: .*fail:\([0-9]*\) .*/\1/p')
	exits "$k: with what is known" 0 "$MBSIM" test -k "$k"
	like "$k: the same are known" "$out" "^# Expected failures among those that pass: $failed\$"
done

# the documents name tests that there are
"$MBSIM" test --list -c s390 >"$tmp/all"
for doc in kernel-bugs regressions; do
	grep -o '`[a-z_]*\.[a-z_0-9]*[`/]' "$top/docs/$doc.md" | tr -d '`/' | grep -vE '\.(c|h|t)$' | sort -u >"$tmp/named"
	ok "docs/$doc.md names tests" test -s "$tmp/named"
	sed 's,/.*,,' "$tmp/all" | sort -u | comm -13 - "$tmp/named" >"$tmp/missing"
	is "docs/$doc.md: they are there" "$(cat "$tmp/missing")" ''
done
done_testing
