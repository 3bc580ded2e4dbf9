#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# --trace-event of boot and replay.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

# A log whose stamps can be told beforehand: without one, with a caller's, twice the same, back in time.
cat >"$tmp/log" <<'END'
[    0.000000] Linux version 6.12.0 (a@b) (gcc) #1 SMP
memblock_add: [0x0000000001000000-0x000000000fffffff] firmware+0x1/0x2
[    0.000500][    T0] memblock_reserve: [0x0000000001000000-0x00000000010fffff] setup_arch+0x1/0x2
[    1.000000] memblock_reserve: [0x0000000002000000-0x0000000002ffffff] a"<b>+0x1/0x2
[    1.000000] memblock_phys_free: [0x0000000002000000-0x0000000002ffffff] late+0x1/0x2
[    0.700000] memblock_reserve: [0x0000000003000000-0x00000000030fffff] back+0x1/0x2
END
exits 'a replay' 0 "$MBSIM" replay -k "$newest" --trace-event "$tmp/replay.json" "$tmp/log"
out=$(cat "$tmp/replay.json")
is 'calls, with the times and lines of the log' \
	"$(printf '%s\n' "$out" | jq -r '.traceEvents[] | select(.cat == "memblock") | "\(.ts) \(.name) \(.args.line)"')" \
	'0 memblock_add 2
500 memblock_reserve 3
1000000 memblock_reserve 4
1000001 memblock_phys_free 5
1000002 memblock_reserve 6'
holds 'what they were called with' '[.traceEvents[] | select(.cat == "memblock")][3].args |
	.names == "base size" and .values == "0x2000000 0x1000000" and .caller == "late+0x1/0x2"'
is 'counters, behind what changed them' \
	"$(printf '%s\n' "$out" | jq -r '.traceEvents[] | select(.ph == "C" and .name == "bytes") |
		"\(.ts) \(.args.memory) \(.args.reserved)"')" \
	'1 251658240 0
501 251658240 1048576
1000001 251658240 17825792
1000002 251658240 1048576
1000003 251658240 2097152'
is 'regions, at last' \
	"$(printf '%s\n' "$out" | jq -c '[.traceEvents[] | select(.name == "regions").args] | last')" \
	'{"memory":1,"reserved":2}'
holds 'it says what the times are' '.otherData | .version == 1 and (.time | test("^stamps of the log"))'

printf 'layout 1\narch x86_64\nram 0x0-0x9ffff\nram 1M+2G\n' >"$tmp/m.layout"
exits 'a boot' 0 "$MBSIM" boot -k "$newest" --json --trace-event "$tmp/boot.json" "$tmp/m.layout"
steps=$(printf '%s\n' "$out" | jq -r '.steps[] | select(.calls > 0).function')
out=$(cat "$tmp/boot.json")
is 'all its steps that call memblock, in order' \
	"$(printf '%s\n' "$out" | jq -r '.traceEvents[] | select(.cat == "step").name' | grep -Fx "$steps")" "$steps"
holds 'each call is in one, and none is in two' '[.traceEvents[] | select(.cat == "step")] as $steps |
	[.traceEvents[] | select(.cat == "memblock")] |
	length > 50 and all(.[]; . as $c | [$steps[] | select(.ts <= $c.ts and $c.ts + 1 <= .ts + .dur)] | length == 1)'
holds 'it has no time' '.otherData.time | test("^none")'
printf 'layout 1\narch x86_64\npage_size 4K\nram 0x0-0x9ffff\nram 0x100000+4M\n' >"$tmp/4m.layout"
exits 'a boot that panics' 1 "$MBSIM" boot -k "$newest" --trace-event "$tmp/4m.json" "$tmp/4m.layout"
out=$(cat "$tmp/4m.json")
holds 'is told up to there' '.traceEvents | length > 10'
exits 'a file that cannot be written' 2 "$MBSIM" boot -k "$newest" --trace-event "$tmp/none/x" "$tmp/m.layout"
like 'it is named' "$err" "^mbsim: .*$tmp/none/x"
exits 'with diff' 2 "$MBSIM" diff -k "$newest" -k "$newest" boot --trace-event "$tmp/x"
like 'it is refused' "$err" 'trace-event'
done_testing
