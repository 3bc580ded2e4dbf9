#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# mbsim mutate: who kills what, with a memblock.c that has a place for each of them; what it tells and leaves behind.
# tests/unit/mutate.c has which mutants there are.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

memblock=$(tree "$newest")/mm/memblock.c
log=$top/tests/data/boots/amd64-6.12-2g-bios.log.xz

# A region that only that log reserves, and one that neither it nor a test does; what cannot be seen at all; what is
# not in the engine; and what does not compile when it is changed.
{
	cat <<'END'
static int rt_in_log(unsigned long long base)
{
	return base == 0x78c00000 && 1 > 2;
}
static int rt_nowhere(unsigned long long base)
{
	return (base & 0xf) == 0xb && 1 > 2;
}
END
	sed 's/	return memblock_add_range(&memblock.reserved, base, size/	if (rt_in_log(base) || rt_nowhere(base))\
		size += 8;\
&/' "$memblock"
	cat <<'END'
int rt_unheard(int a);
int rt_unheard(int a)
{
	return a + 1;
}
static int __maybe_unused rt_absent(int a)
{
	return a + 1;
}
static void __maybe_unused rt_static(void)
{
	_Static_assert(1 == 1, "");
}
END
} >"$tmp/own.c"
mutate() {
	"$MBSIM" mutate -k "$newest" -m "$tmp/own.c" -c x86_64 --equivalent=none "$@"
}
mutate --list --sample=all >"$tmp/all" 2>"$tmp/err"
is 'the list is told how long it is' "$(cat "$tmp/err")" \
	"$(grep -vc '^  ' "$tmp/all") of $(grep -vc '^  ' "$tmp/all") mutants"
is 'IDs are unique' "$(grep -v '^  ' "$tmp/all" | sort | uniq -d)" ''

# only PATTERN...: options for the mutants whose IDs fit.
only() {
	for only_pattern; do
		sed -n "/^$only_pattern\$/s/^/--only=/p" "$tmp/all"
	done
}
# shellcheck disable=SC2046
exits 'every way to end: survivors are exit status 1' 1 mutate --json --replay="$log" --time=2 --keep="$tmp/kept" \
	$(only 'memblock_is_reserved:.*:return:0' 'rt_in_log:.*:relation:1' 'rt_nowhere:.*:relation:1' \
		'rt_unheard:.*:arithmetic:0' 'rt_absent:.*:arithmetic:0' 'rt_static:.*:relation:0')
printf '%s\n' "$out" >"$tmp/json"
is 'who kills what' "$(jq -r '.mutants[] | "\(.function) \(.result) \(.killer)"' "$tmp/json" | sort)" \
	'memblock_is_reserved killed suite
rt_absent equivalent null
rt_in_log killed replay
rt_nowhere killed fuzz
rt_static discarded null
rt_unheard survived null'
by() {
	jq -r --arg f "$1" '.mutants[] | select(.function == $f) | "\(.by) \(.why)"' "$tmp/json"
}
like 'by which test' "$(by memblock_is_reserved)" '^memblock_[a-z_]+\.[a-z]'
like 'by which log, and why' "$(by rt_in_log)" '^amd64-6.12-2g-bios.log.xz line [0-9]+: '
like 'by which kind of finding, and which' "$(by rt_nowhere)" '^memblock_[a-z_]+: .* memblock_[a-z_]+'
like 'what the compiler says' "$(by rt_static)" 'static assertion failed'
is 'sums' "$(jq -c '[.killed, .survived, .equivalent, .discarded, .listed, .broken, .total, .percent]' "$tmp/json")" \
	'[3,1,1,1,0,0,4,75]'
is 'by function' "$(jq -c '.functions.rt_nowhere' "$tmp/json")" '{"killed":1,"total":1,"suite":0,"replay":0,"fuzz":1}'
is 'only the survivor is kept' "$(basename -a "$tmp/kept"/* | sed 's/-[0-9]*-/-N-/')" \
	'rt_unheard-N-arithmetic-0.c
rt_unheard-N-arithmetic-0.diff'
is 'the diff that is kept leads to the text that is kept' \
	"$(patch -s -o - "$tmp/own.c" "$tmp"/kept/*.diff | cmp - "$tmp"/kept/*.c)" ''
is 'nothing is left behind' "$(find "$MBSIM_CACHE/tmp" -maxdepth 1 -name 'mutate.*')" ''

printf 'rt_unheard: a [-+-]{+-+} 1\n\tNobody calls it.\n' >"$tmp/known"
exits 'a known one is not tried' 0 mutate --function=rt_unheard --operator=arithmetic --equivalent="$tmp/known" \
	--replay=none --time=0
like 'nor counted' "$out" '^not counted: 0 equivalent, 1 listed as equivalent, 0 not compiled$'
like 'and the rest is all' "$out" '^killed: 0 of 0, 100.0 %: 0 by tests, 0 by logs, 0 by fuzzing; 0 survived$'
exits 'the reason is listed' 0 mutate --list --function=rt_unheard --operator=arithmetic --equivalent="$tmp/known"
like 'below it' "$out" '^  equivalent: Nobody calls it\.$'
exits 'what is known of memblock can be read' 0 "$MBSIM" mutate --list --sample=1 -k "$newest"

for call in word '--sample=x' '--sample=0' '--seed=x' '--min=101' '--function=none' '--operator=none' \
	'--only=none' "--equivalent=$tmp/none" "--memblock=$tmp/none" '--jobs=0' '-k x -k y'; do
	# shellcheck disable=SC2086
	exits "wrong: $call" 2 mutate --list $call
	like "wrong: $call: is told" "$err" '^mbsim'
done
exits 'no such log' 2 mutate --sample=1 --replay="$tmp/none"

# a memblock.c that cannot be compiled, or does not do what it should, is no place to begin
echo 'int x = ;' | cat "$memblock" - >"$tmp/own.c"
exits 'it does not compile' 125 mutate --sample=1 --replay=none
like 'is told' "$err" 'cannot compile: .*expected expression'
sed 's/return memblock_search(&memblock.reserved, addr) != -1/return false/' "$memblock" >"$tmp/own.c"
exits 'it fails a test' 125 mutate --sample=1 --replay=none
like 'which is told' "$err" 'the unchanged memblock.c fails a test already, [a-z_]+\.[a-z]'
done_testing
