#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# mbsim test --coverage: that it counts right, and that its three reports agree.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

command -v gcov >/dev/null || skip_all 'no gcov'
CC=gcc
export CC

memblock=$(tree "$newest")/mm/memblock.c
dir=$tmp/coverage

# covers NAME STATUS ARGUMENT...: runs tests with --coverage into a fresh $dir.
covers() {
	rm -rf "$dir"
	covers_name=$1 covers_status=$2
	shift 2
	exits "$covers_name" "$covers_status" "$MBSIM" test --coverage "$dir" "$@"
}

# calls FUNCTION: how often it was called.
calls() {
	sed -n "s/^FNDA:\([0-9]*\),$1\$/\1/p" "$dir/memblock.info"
}

# line TEXT: number of the only line of $copy that contains TEXT; runs TEXT: how often it was run.
line() {
	grep -nF "$1" "$copy" | cut -d: -f1
}

runs() {
	sed -n "s/^DA:$(line "$1"),//p" "$dir/memblock.info"
}

# sum WHAT: "reached of all" as the summary says it.
sum() {
	printf '%s\n' "$out" | sed -n "s/^#   $1  *\([0-9]* of [0-9]*\),.*/\1/p"
}

# counted RECORD: the same, counted from the tracefile.
counted() {
	awk -F'[:,]' -v record="$1" -v field="$2" '$1 == record {
		all++
		reached += $field != "-" && $field > 0
	} END { print reached " of " all }' "$dir/memblock.info"
}

# copied SED-COMMAND: a memblock.c with something planted, as $copy.
copied() {
	copy=$tmp/copy.c
	sed "$1" "$memblock" >"$copy"
	! cmp -s "$memblock" "$copy" || fail 'something could be planted' "$1"
}

for k in $kernels; do
	covers "$k: all tests" 0 -k "$k"
	is "$k: lines" "$(sum lines)" "$(counted DA 3)"
	is "$k: branches" "$(sum branches)" "$(counted BRDA 5)"
	is "$k: functions" "$(sum functions)" "$(counted FNDA 2)"
	is "$k: the tracefile says the same" \
		"$(sed -n 's/^\(LH\|LF\|BRH\|BRF\|FNH\|FNF\)://p' "$dir/memblock.info" | sort -n)" \
		"$(printf '%s\n' "$(sum lines)" "$(sum branches)" "$(sum functions)" | sed 's/ of /\n/' | sort -n)"
	is "$k: functions never called are named" \
		"$(printf '%s\n' "$out" | sed -n '/functions never called/,/lines never/s/^#     //p' | sort)" \
		"$(sed -n 's/^FNDA:0,//p' "$dir/memblock.info" | sort)"
	is "$k: lines never reached lie in what is listed" \
		"$(printf '%s\n' "$out" | sed '1,/lines never/d' | awk '{
			n = split($2, range, "-")
			for (i = range[1]; i <= range[n]; i++)
				listed[i]
		} END { while ((getline <info) > 0)
			if (/^DA:[0-9]*,0$/) {
				split($0, field, /[:,]/)
				if (!(field[2] in listed))
					print field[2]
			}
		}' info="$dir/memblock.info")" ''
	like "$k: the page has the sum" "$(cat "$dir/index.html")" \
		"lines</th><td class=\"n\">$(sum lines | sed 's,\(.*\) of \(.*\),\1</td><td class="n">\2<,')"
done
like 'what cannot be reached is left out of a second percentage' "$out" \
	'^#   branches .* %; [0-9.]+ % without the [1-9][0-9]* that cannot be$'
like 'the page says why' "$(grep 'BUG_ON(type-&gt;cnt' "$dir/index.html")" \
	'1 of 2 not taken<.*class="why">callers make room first'
if command -v prove >/dev/null; then
	printf '%s\n' "$out" >"$tmp/all.ktap"
	ok 'it is KTAP all the same' prove -e cat "$tmp/all.ktap"
fi
is 'the page is the whole source' "$(grep -c '<tr id="L' "$dir/index.html")" \
	"$(awk 'END { print NR }' "$memblock")"
unlike 'nothing comes from elsewhere' "$(cat "$dir/index.html")" '(src|href)="?(http|//)|<script|url\('

# Configurations of one file are added up: what one of them leaves out, another has.
covers 'two configurations' 0 -k "$newest" --config x86_64 --config s390
both=$(counted FNDA 2)
like 'they are named' "$out" '^# coverage of .*/mm/memblock\.c, [^ ]* x86_64, [^ ]* s390:$'
is 'and are one file' "$(grep -c ^SF: "$dir/memblock.info")" 1
one=$(calls memblock_phys_mem_size)
covers 'one of them' 0 -k "$newest" --config s390
s390=$(counted FNDA 2)
two=$(calls memblock_phys_mem_size)
covers 'the other' 0 -k "$newest" --config x86_64
is 'calls are added' "$one" "$((two + $(calls memblock_phys_mem_size)))"
x86_64=$(counted FNDA 2)
ok 'there is all of both' [ "${both##* }" -ge "${s390##* }" ]
ok 'and more than in one' [ "${both##* }" -gt "${x86_64##* }" ]
if [ "${kernels# }" != "$newest" ]; then
	first=${kernels# }
	covers 'two kernels' 0 -k "${first%% *}" -k "$newest" memblock_totals
	is 'are two files' "$(grep -c ^SF: "$dir/memblock.info")" 2
	is 'each with a page' "$(grep -o 'href="memblock-[0-9a-f]*\.html"' "$dir/index.html" | wc -l)" 2
	ok 'which is there' ls "$dir/$(sed -n 's/.*href="\(memblock-[^"]*\)".*/\1/p' "$dir/index.html" | head -n 1)"
else
	skip 'two kernels' 'only one is installed'
fi

# Each test ends with a reset, which takes the engine's own counters back.
covers 'a test' 0 memblock_totals.trim
once=$(calls memblock_trim_memory)
adds=$(calls memblock_add_range)
covers 'a test, seven times' 0 --repeat 7 memblock_totals.trim
is 'every one counts' "$(calls memblock_trim_memory) $(calls memblock_add_range)" \
	"$((7 * once)) $((7 * adds))"
covers 'JSON' 0 --json memblock_totals.trim
is 'JSON stays JSON' "$(printf '%s\n' "$out" | jq -r '.totals.passed')" 1
like 'the summary is elsewhere' "$err" '^  lines +[0-9]+ of [0-9]+, '

# What is planted is found; it has text that a page must not take for its own.
copied '$a\
/* <script>alert("&amp;")</script> */\
int planted_global(int a);\
int planted_global(int a) { return a; }\
static noinline int planted_static(int a)\
{\
	return a ? 1 : 2;\
}'
covers 'functions that nobody calls' 0 -m "$copy" memblock_totals
like 'a global one is named' "$out" '^#     planted_global$'
like 'a static one, too' "$out" '^#     planted_static$'
is 'its lines' "$(runs 'return a ? 1 : 2')" 0
like 'text is escaped' "$(cat "$dir/index.html")" \
	'&lt;script&gt;alert\(&quot;&amp;amp;&quot;\)&lt;/script&gt;'
unlike 'and only escaped' "$(cat "$dir/index.html")" '<script'

# However a test ends, what it ran counts.
ends() {
	copied "/^[a-z].* memblock_trim_memory(/,/^}/s/^{/{\\
	pr_info(\"before\");\\
	if (memblock.memory.cnt)\\
		$2\\
	pr_info(\"behind\");/"
	covers "a test that ends by $1" 1 -T 1 -m "$copy" memblock_totals.trim
	is "$1: the function was called" "$(calls memblock_trim_memory)" 1
	is "$1: what is before it was run" "$(runs '"before"')" 1
}
ends panic 'panic("planted");'
is 'panic: what is behind it was not' "$(runs '"behind"')" 0
ends BUG 'BUG();'
is 'BUG: what is behind it was not' "$(runs '"behind"')" 0
ends 'a fault' '*(volatile int *)__va(0x123456789000ULL) = 1;'
ends 'never' 'for (;;) barrier();'

# wrong calls
: >"$tmp/file"
exits 'a file is no directory' 2 "$MBSIM" test --coverage "$tmp/file" memblock_is
like 'it is named' "$err" "^mbsim: $tmp/file"
exits 'nor is what is below one' 2 "$MBSIM" test --coverage "$tmp/file/dir" memblock_is
if [ "$(id -u)" -ne 0 ]; then
	mkdir -m 555 "$tmp/closed"
	exits 'a directory that is not to be written to' 2 "$MBSIM" test --coverage "$tmp/closed"
else
	exits 'a directory that is not to be written to' 2 "$MBSIM" test --coverage /proc/self
fi
exits 'a gcov that is not there' 2 env GCOV="$tmp/none" "$MBSIM" test --coverage "$dir" memblock_is
like 'it is named, too' "$err" "^mbsim: GCOV: $tmp/none"
if command -v clang >/dev/null; then
	exits 'clang cannot' 2 env CC=clang "$MBSIM" test --coverage "$dir" memblock_is
	like 'what to do about it' "$err" '^mbsim: .*CC=gcc$'
fi
done_testing
