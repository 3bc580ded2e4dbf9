#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mbsim diff: kernels that do the same, a memblock.c that was changed in one place, two versions,
# and the commit that made the difference.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"
. "$top/tests/broken.sh"

boots=$top/tests/data/boots
log=$boots/amd64-$newest-2g-bios.log.xz
few='memblock_totals memblock_is memblock_alloc'

holds_shows='{equal, first: (.first | del(.state)), groups, ends, totals}'

# patched NAME STATUS CHANGED INPUT...: the newest kernel's memblock.c and one that was changed.
patched() {
	name=$1 status=$2 changed=$3
	shift 3
	exits "$name" "$status" "$MBSIM" diff --json -k "$newest" -m "$tmp/$changed.c" "$@"
}

cat >"$tmp/script.mb" <<'END'
ram 0-4G
memblock_add 0 1G
memblock_add 2G 1G
memblock_reserve 16M 1M
memblock_reserve 17M 1M
page = memblock_phys_alloc_range 8K 8K 0 0
memblock_phys_free $page 4K
memblock_is_region_reserved 16M+4K 4K
memblock_trim_memory 4K
echo the end
END

# The same twice.
for input in boot "replay $log" "run $tmp/script.mb"; do
	# shellcheck disable=SC2086
	exits "the same kernel twice: ${input%% *}" 0 "$MBSIM" diff -k "$newest" -k "$newest" $input
	like 'says so' "$out" '^No difference in [0-9]+ calls'
done
# shellcheck disable=SC2086
exits 'the same kernel twice: test' 0 "$MBSIM" diff -k "$newest" -k "$newest" test $few
like 'says so' "$out" '^No difference in [0-9]+ tests'

# What compilers and people do to a source without changing what it does.
{
	echo '/* a line that shifts all others */'
	sed 's/^static int __init_memblock memblock_double_array/static noinline int __init_memblock memblock_double_array/' "$memblock"
} >"$tmp/comment.c"
printf 'memblock_add 0 1G\ncmdline memblock=debug\nmemblock_reserve 1M 1M\nmemblock_free_late 3 5\n' >"$tmp/debug.mb"
patched 'another text that does the same: boot' 0 comment boot --cmdline=memblock=debug
patched 'replay' 0 comment replay "$log"
patched 'run' 0 comment run "$tmp/debug.mb"
holds 'all of it' '.equal and .first == null and .differences == [] and .a.memblock_sha256 != .b.memblock_sha256'

# Allocations that are aligned to something else.
broken align 's/cand = round_down(this_end - size, align);/cand = round_down(this_end - size, 2 * align);/'
patched 'another alignment' 1 align run "$tmp/script.mb"
holds 'the first difference is the allocation' '.first | .a.name == "memblock_phys_alloc_range" and .a.line == 6 and
	.a.result == "0xbfffe000" and .b.result == "0xbfffc000" and .kinds == ["results", "ranges"] and .array == "reserved"'
holds 'with the arrays after it' '.first.state.reserved | (.a | map(.start) == [16777216, 3221217280]) and
	(.b | map(.start) == [16777216, 3221209088])'
holds 'then what is freed' '.differences | length == 2 and .[1].a.name == "memblock_phys_free" and .[1].kinds == ["arguments", "ranges"]'
holds 'and what is left' '.arrays.reserved | .a == 2 and .b == 2 and
	(.pieces | map([.start, .size, .a != null, .b != null]) == [[3221213184, 4096, false, true], [3221221376, 4096, true, false]])'
exits 'as text' 1 "$MBSIM" diff -k "$newest" -m "$tmp/align.c" run "$tmp/script.mb"
like 'the two are named' "$out" "^\\+\\+\\+ .*$tmp/align.c\$"
like 'the first difference' "$out" '^The first difference: memblock_phys_alloc_range, call 5 of 8, at line 6:$'
like 'on one side' "$out" '^-memblock_phys_alloc_range 0x2000 0x2000 0 0 => 0xbfffe000$'
like 'on the other' "$out" '^\+memblock_phys_alloc_range 0x2000 0x2000 0 0 => 0xbfffc000$'
like 'and around it' "$out" '^ 0x1000000-0x11fffff 2M$'
unlike 'without colours, as it is not for a terminal' "$out" "$(printf '\033')"
exits 'quietly' 1 "$MBSIM" diff -q -k "$newest" -m "$tmp/align.c" run "$tmp/script.mb"
is 'nothing is said' "$out$err" ''
patched 'in a boot' 1 align boot
holds 'the first difference is the first that asks for more than fits' '.first.kinds == ["results", "ranges"] and .totals != []'
patched 'in a replay' 1 align replay "$log"
holds 'and what the log has is said' '.first.a.line > 0 and any(.totals[]; .what == "allocations where the log has them")'
# shellcheck disable=SC2086
patched 'in tests' 1 align test $few
holds 'by name' '.tests | length > 0 and all(.a == "passed" and .b == "failed")'

# Calls that are wrong.
for call in '' '-k X' '-k 1 -k 2 -k 3 boot' "-k $newest boot" 'boot' "-k $newest -k $newest what" \
	"-k $newest -k $newest boot --show=map" "-k $newest -k $newest run" "-k $newest -k $newest run a b" \
	"-k $newest -k $newest run $tmp/none" "-k $newest -k $tmp/none boot" "-k $newest -k $newest test none_such" \
	"-k $newest -k $newest replay $tmp/script.mb" "-k $newest -k $newest boot --nonsense"; do
	# shellcheck disable=SC2086
	exits "wrong: diff $(printf %s "$call" | sed "s,$tmp/,,g")" 2 "$MBSIM" diff $call
	is 'nothing on standard output' "$out" ''
done
printf 'memblock_add 0 1G\nmemblock_adds 1 2\n' >"$tmp/wrong.mb"
exits 'what no kernel understands' 2 "$MBSIM" diff -k "$newest" -m "$tmp/align.c" run "$tmp/wrong.mb"
like 'is named' "$err" 'wrong.mb:2:1: memblock_adds: '

# Options of the compared command, and of the engine, at either place.
exits 'options behind the name' 1 "$MBSIM" diff boot -k "$newest" -m "$tmp/align.c" --json --cmdline='mem=1G'
holds 'are taken' '.first.a.result | length < 11'
exits 'a configuration that is not for the machine' 2 "$MBSIM" diff boot -k "$newest" -k "$newest" -c arm64
like 'is told' "$err" "configuration 'arm64'"
exits 'two configurations' 0 "$MBSIM" diff -k "$newest" -c x86_64 -c phys32 --json run "$tmp/script.mb"
holds 'are compared, too' '.a.config == "x86_64" and .b.config == "phys32"'
if terminal; then
	exits 'on a terminal' 1 env script -qec "$MBSIM diff -k $newest -m $tmp/align.c run $tmp/script.mb" /dev/null
	like 'there are colours' "$out" "$(printf '\033')\\[32m\\+memblock"
fi

# What follows builds one engine after the other; a sanitizer has seen by now how they are compared.
case $MBSIM in
*/asan/*) done_testing ;;
esac

# Allocations from below.
broken bottom_up "$(in_function memblock_find_in_range_node 's/if (memblock_bottom_up())/if (1)/')"
patched 'bottom up' 1 bottom_up run "$tmp/script.mb"
holds 'the first difference is the allocation' '.first | .a.line == 6 and .b.result == "0x2000"'

# Regions that touch and are not merged.
broken merge "$(in_function memblock_merge_regions 's/if (this->base + this->size != next->base/if (1 || this->base + this->size != next->base/')"
patched 'not merged' 1 merge run "$tmp/script.mb"
holds 'the first difference is the second of two neighbours' '.first | .a.line == 5 and .kinds == ["rows"] and
	(.state.reserved | (.a | length) == 1 and (.b | length) == 2)'
holds 'and the only one, as all else is the same' '(.differences | length == 1) and .arrays.reserved.pieces == []'
patched 'which can be of no interest' 0 merge --ignore=rows run "$tmp/script.mb"
exits 'or misspelt' 2 "$MBSIM" diff -k "$newest" -k "$newest" --ignore=row boot
like 'which is told' "$err" "there is no kind 'row'"

# One that ends.
broken ends "$(in_function memblock_phys_free 's/^{/{ if (size == 4096) panic("not so small");/')"
patched 'one that panics' 1 ends run "$tmp/script.mb"
holds 'at a call' '.first | .kinds | index("ends")'
holds 'and how' '(.first.b.result == "panic: not so small") and (.ends | map(.b) == ["panic: not so small"]) and .b.end != "" and .a.end == ""'
holds 'what only the other does comes after it' '.groups | map(select(.only == "a")) | map(.calls) == [2]'

# A log that says something else.
broken says "$(in_function memblock_reserve 's/^{/{ printk("and here I am\\n");/')"
patched 'one that says more' 1 says run "$tmp/script.mb"
holds 'is all' '.groups | map(.kinds) == [["log"]]'
holds 'and what it says' '.first.b.log == ["and here I am"]'

# An array that grows earlier, and pages that are handed over one by one.
broken sizes "s/define INIT_MEMBLOCK_RESERVED_REGIONS.*/define INIT_MEMBLOCK_RESERVED_REGIONS 64/
	$(in_function __free_pages_memory 's/min_t(int, [A-Z_]*, __ffs(start))/0/')"
printf '%s\n' 'memblock_add 0 16M' memblock_allow_resize 'repeat 70 memblock_reserve 8M+$i*8K 4K' 'set max_low_pfn 4096' \
	memblock_free_all >"$tmp/grow.mb"
patched 'other sizes' 1 sizes run "$tmp/grow.mb"
holds 'the call at which the array grows' '.first | .a.number == 67 and (.kinds | index("room")) and .array == "reserved"'
holds 'and the blocks' 'any(.totals[]; .what == "blocks handed over, by order")'
patched 'nothing else' 0 sizes --ignore=room,ranges,totals run "$tmp/grow.mb"

# One that cannot be built.
sed '1i this is not C' "$memblock" >"$tmp/unbuilt.c"
for input in boot test; do
	# shellcheck disable=SC2086
	exits "not to be compiled: ${input%% *}" 125 "$MBSIM" diff -k "$newest" -m "$tmp/unbuilt.c" $input
	like 'says why' "$err" '^mbsim: cannot compile: .*unbuilt.c:1:'
done
exits 'nor the first' 125 "$MBSIM" diff -q -k "$newest" -m "$tmp/unbuilt.c" -m "$memblock" boot

# Two versions.
if [ "$kernels" = ' 6.1 6.12' ]; then
	exits 'two versions: boot' 1 "$MBSIM" diff -k 6.1 -k 6.12 --json boot
	holds 'differ, but not in memory' '.arrays.memory.pieces == [] and .arrays.memory.a == .arrays.memory.b'
	holds 'in few ways' '(.groups | length) < 15 and (.differences | length) > 20'
	exits 'two versions: replay' 0 "$MBSIM" diff -k 6.1 -k 6.12 replay "$log"
	exits 'of nodes' 1 "$MBSIM" diff -k 6.1 -k 6.12 --json replay "$boots/arm64-6.12-4g-2node.log.xz"
	holds 'only the hand-over differs' '.groups | map([.calls, .kinds, .names[0].name]) == [[1, ["nodes"], "memblock_free_all"]]'
	exits 'which need not count' 0 "$MBSIM" diff -k 6.1 -k 6.12 --ignore=nodes,rows,totals replay \
		"$boots/arm64-6.12-4g-2node.log.xz"
	printf '%s\n' 'memblock_add 0 1G' 'memblock_reserve 1M 1M' 'memblock_reserved_mark_noinit 1M 4K' \
		'memblock_reserve 4M 1M' >"$tmp/noinit.mb"
	exits 'a function that one lacks' 1 "$MBSIM" diff -k 6.1 -k 6.12 --json run "$tmp/noinit.mb"
	holds 'is told' '.ends | length == 1 and .[0].what == "line 3" and .[0].b == null and (.[0].a | test("memblock_reserved_mark_noinit"))'
	holds 'and the rest is compared' '.a.calls == 3 and .b.calls == 4 and (.differences | length == 1)'
	holds 'flags by name' '.arrays.reserved.pieces | map([.a.flags, .b.flags]) == [["none", "rsrv_noinit"]]'
	exits 'two versions: test' 1 "$MBSIM" diff -k 6.1 -k 6.12 --json test memblock_answers memblock_totals
	holds 'a test that one cannot have' 'any(.tests[]; .a == null or .a == "skipped")'
fi

# Which commit was it? A history of two versions of a source, with a change in the middle, and
# a commit that cannot be compiled.
repo=$tmp/linux
commit() {
	cp "$1" "$repo/mm/memblock.c"
	echo "/* $2 */" >>"$repo/mm/memblock.c"
	git -C "$repo" add -A
	git -C "$repo" -c user.name=a -c user.email=a@example.org commit -qm "$2"
}
tree=$(tree "$newest")
mkdir -p "$repo/mm" "$repo/include/linux"
cp "$tree/Makefile" "$repo"
cp "$tree/include/linux/memblock.h" "$repo/include/linux"
git -C "$repo" init -q
for n in one two three; do commit "$memblock" "$n"; done
commit "$tmp/unbuilt.c" 'does not compile'
commit "$memblock" five
commit "$tmp/align.c" 'the culprit'
for n in seven eight; do commit "$tmp/align.c" "$n"; done
good=$(git -C "$repo" rev-list --max-parents=0 HEAD)
git -C "$repo" bisect start HEAD "$good" >"$tmp/.out" 2>&1
exits 'git bisect run' 0 sh -c 'cd "$1" && git bisect run "$2" diff -q -k .@"$4" -k . run "$3"' sh \
	"$repo" "$MBSIM" "$tmp/script.mb" "$good"
like 'finds the commit' "$(git -C "$repo" bisect log)" '^# first bad commit: \[[0-9a-f]*\] the culprit$'
like 'and skips what cannot be built' "$(git -C "$repo" bisect log)" '^# skip: \[[0-9a-f]*\] does not compile$'
done_testing
