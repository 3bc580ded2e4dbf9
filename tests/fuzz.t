#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# mbsim fuzz: bugs that were put into memblock.c are found, made small, and written down so that they
# can be shown again; and nothing is found where there is nothing.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"
. "$top/tests/broken.sh"

# finding EXPRESSION: of the report in $out
finding() {
	printf '%s' "$out" | jq -r "$1"
}

for k in $kernels; do
	exits "$k: nothing but known bugs is found" 0 "$MBSIM" fuzz -k "$k" --seed 1 --runs 1500 --json
	is "$k: and all sequences are run" "$(finding '.totals.sequences')" 1500
done
exits 'known bugs are findings if that is asked for' 1 "$MBSIM" fuzz -k "$newest" --seed 1 --runs 1500 --strict --json

broken removes "$(in_function memblock_remove_range 's/i >= start_rgn/i > start_rgn/')"
exits 'a broken memblock_remove() is found' 1 \
	"$MBSIM" fuzz -k "$newest" -m "$tmp/removes.c" --seed 1 --runs 100 -j 1 -o "$tmp/found" --json
first=$(finding '[.findings[] | select(.known == null)][0]')
is 'in at most 3 calls' "$(printf '%s' "$first" | jq '.calls <= 3')" true
like 'a sentence tells of it' "$(printf '%s' "$first" | jq -r .sentence)" '^memblock_[a-z_]*\(.*; it should be: '
printf '%s' "$first" | jq -r .script >"$tmp/found.mb"
printf '%s' "$first" | jq -r .test >"$tmp/found.c"
exits 'its script fails with the broken one' 1 "$MBSIM" run -k "$newest" -m "$tmp/removes.c" "$tmp/found.mb"
exits '... and passes with the good one' 0 "$MBSIM" run -k "$newest" "$tmp/found.mb"
like 'scripts are written to files' "$(ls "$tmp/found")" '^1\.mb$'
like '... and tests' "$(ls "$tmp/found")" '^1\.c$'

number=$(printf '%s' "$first" | jq .sequence)
exits 'its number makes it again' 1 \
	"$MBSIM" fuzz -k "$newest" -m "$tmp/removes.c" --seed 1 --first "$number" --runs 1 --json
is '... the same' "$(finding '[.findings[] | select(.known == null)][0].script')" "$(cat "$tmp/found.mb")"
exits 'another run finds the same' 1 \
	"$MBSIM" fuzz -k "$newest" -m "$tmp/removes.c" --seed 1 --runs 100 -j 1 --json
is '... to the letter' "$(finding '[.findings[] | select(.known == null)][0] | del(.seconds, .times)')" \
	"$(printf '%s' "$first" | jq 'del(.seconds, .times)')"

# A tree of its own, with the found test and what it needs, and an mbsim that looks for them there.
mkdir -p "$tmp/own/build" "$tmp/own/suite"
cp -R "$top/kernel" "$top/kunit" "$top/data" "$tmp/own/"
cp "$top"/suite/suite.[ch] "$top"/suite/watch.[ch] "$top"/suite/handover.[ch] "$tmp/own/suite/"
cp "$MBSIM" "$tmp/own/build/mbsim"
cp "$tmp/found.c" "$tmp/own/suite/found.c"
exits 'its test in C fails with the broken one' 1 \
	"$tmp/own/build/mbsim" test -k "$newest" -m "$tmp/removes.c" '*_fuzz'
like '... by an expectation' "$out" 'EXPECTATION FAILED|expected'
exits '... and passes with the good one' 0 "$tmp/own/build/mbsim" test -k "$newest" '*_fuzz'

broken keeps "$(in_function free_low_memory_core_early 's/^\t\tcount += /\t\tif (start < memblock_end_of_DRAM() \/ 2) &/')"
exits 'memory that is not handed over is found' 1 \
	"$MBSIM" fuzz -k "$newest" -m "$tmp/keeps.c" --seed 1 --runs 3000 --findings 1 --json
like '... and is called that' "$(finding '.findings[].sentence')" \
	'^memblock_free_all\(\) the hand-over: 0x[0-9a-f]+-0x[0-9a-f]+ is free memory, and not all of it is handed over'

broken loops "$(in_function memblock_is_reserved 's/return/for (; addr == 0x1000;) barrier(); return/')"
exits 'a loop that does not end is found' 1 \
	"$MBSIM" fuzz -k "$newest" -m "$tmp/loops.c" --seed 1 --runs 3000 --findings 1 --json
like '... and is called that' "$(finding '.findings[].sentence')" 'memblock_is_reserved\(0x1000\) does not end'

broken panics "$(in_function memblock_is_memory 's/return/if (addr == 0x2000) panic("never"); return/')"
exits 'a panic is found, and who has it' 1 \
	"$MBSIM" fuzz -k "$newest" -m "$tmp/panics.c" --seed 1 --runs 5000 --findings 1 --json --kernels "$newest"
like '... and is called that' "$(finding '.findings[].sentence')" 'memblock_is_memory\(0x2000\) panics \(never\)'
is '... not by the good one' "$(finding '[.findings[] | select(.known == null)][0].kernels[0].shows')" false

broken back "$(in_function memblock_mark_mirror 's/if (!mirrored_kernelcore)/if (0)/')"
exits 'a known bug that was mended is news when it comes back' 1 \
	"$MBSIM" fuzz -k "$newest" -m "$tmp/back.c" --seed 1 --runs 1000 --findings 1 --json
like '... in the call that has it' "$(finding '.findings[] | select(.known == null).sentence')" '^memblock_mark_mirror\('

exits 'two that are the same do not differ' 0 \
	"$MBSIM" fuzz -k "$newest" -k "$newest" --seed 1 --runs 300 --json
exits 'one that is broken differs from a good one' 1 \
	"$MBSIM" fuzz -k "$newest" -m "$tmp/removes.c" -k "$newest" --seed 1 --runs 1500 --findings 1 --json
first=$(finding '.findings[0]')
printf '%s' "$first" | jq -r .script >"$tmp/pair.mb"
is '... in at most 4 calls' "$(printf '%s' "$first" | jq '.calls <= 4')" true
exits '... its script fails with the first' 1 "$MBSIM" run -k "$newest" -m "$tmp/removes.c" "$tmp/pair.mb"
exits '... and passes with the second' 0 "$MBSIM" run -k "$newest" "$tmp/pair.mb"

if [ "$kernels" = ' 6.1 6.12' ]; then
	exits 'what was changed from 6.1 to 6.12 is found' 1 \
		"$MBSIM" fuzz -k 6.1 -k 6.12 --seed 1 --runs 100 --findings 0 --json
	like '... that a full array panics' "$(finding '.findings[].sentence')" \
		'returns; with 6\.12\.[0-9]* it panics \(memblock: cannot resize reserved array\)'
	like '... that the hand-over gives nodes' "$(finding '.findings[].sentence')" \
		'^memblock_free_all\(\) afterwards reserved is .*@-1'
	like '... and what walks go by' "$(finding '.findings[].sentence')" '^__next_mem_'
fi

exits 'text tells the same' 1 "$MBSIM" fuzz -k "$newest" -m "$tmp/removes.c" --seed 1 --runs 1500 --findings 1
like 'with the seed' "$out" 'seed 1$'
like 'with what was called' "$out" ' memblock_reserve$'
like 'with how many were found' "$out" '^[0-9]+ findings?(, and known bugs)?$'
like 'with the script' "$out" '^    memblock_[a-z]+ '
like 'and the test' "$out" 'kunit_test_suite\(suite\);'

exits 'three kernels are refused' 2 "$MBSIM" fuzz -k a -k b -k c
like 'in a line' "$err" 'one kernel, or two to compare; not 3'
exits 'a word is refused' 2 "$MBSIM" fuzz word
exits 'a number that is none is refused' 2 "$MBSIM" fuzz --runs many
exits 'a kernel that is not there is refused' 2 "$MBSIM" fuzz -k "$tmp/nowhere"
exits '... as the second one, too' 2 "$MBSIM" fuzz -k "$newest" -k "$tmp/nowhere" --runs 1
echo 'nonsense' >"$tmp/nonsense.c"
exits 'what cannot be compiled is told apart' 125 "$MBSIM" fuzz -k "$newest" -m "$tmp/nonsense.c" --runs 1
done_testing
