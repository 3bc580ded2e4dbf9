#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mbsim replay: captured boots made again, what differs when one is tampered with, and logs that are
# cut or damaged.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

holds_shows='{ended: .end, allocations, dumps, differences: .differences[:3]}'

# Every captured boot, on the memblock of its own version.
for k in $kernels; do
	for log in "$top"/tests/data/boots/amd64-"$k"-*.log.xz "$top"/tests/data/boots/arm64-"$k"-*.log.xz; do
		exits "$(basename "$log" .log.xz)" 0 "$MBSIM" replay -k "$k" --json "$log"
		holds 'every allocation is where it was, every dump is equal' '
			.allocations.all > 30 and .allocations.different == 0 and
			.dumps.all > 0 and .dumps.equal == .dumps.all and .unread == [] and
			.doublings.log == .doublings.here'
	done
done

boot=$top/tests/data/boots/amd64-$newest-2g-bios.log.xz
xzcat "$boot" >"$tmp/boot.log"

# The answer of an allocation is somewhere else: found, by line, and the rest goes on.
line=$(sed -n '/_alloc_.*acpi_parse_hpet/{n;=;q;}' "$tmp/boot.log")
sed "${line}s/0x0*\\([1-9a-f][0-9a-f]*\\)\\(..\\)-0x0*\\1/0x200000\\2-0x200000/" "$tmp/boot.log" >"$tmp/moved.log"
exits 'an allocation that is elsewhere' 1 "$MBSIM" replay -k "$newest" "$tmp/moved.log"
like 'is told by line' "$out" "line $((line - 1)): memblock_alloc_try_nid, .* expected 0x200000"
exits 'strict' 1 "$MBSIM" replay -k "$newest" --strict "$tmp/moved.log"
like 'ends there' "$out" "The first difference is at line $((line - 1))"
exits 'predict' 1 "$MBSIM" replay -k "$newest" --predict --json "$tmp/moved.log"
holds 'goes on to the end' '.allocations.all > 30 and .allocations.different > 0'

exits 'what there is to ask' 0 "$MBSIM" replay -k "$newest" --at 60 --largest 2 --by purpose \
	--who "$(sed -n "${line}s/.*\\[\\(0x[0-9a-f]*\\)-.*/\\1/p" "$tmp/boot.log")" "$boot"
like '--at' "$out" '^After line 60:'
like '--at: rows' "$out" '^  memory\[0\] 0x1000-'
like '--who' "$out" 'line [0-9]+ +setup_log_buf'
like '--largest' "$out" '^The largest pieces:'
like '--by' "$out" ' kernel log$'
for by in caller node; do
	exits "--by $by" 0 "$MBSIM" replay -k "$newest" --json --by $by "$boot"
	holds 'groups' '.groups | length > 0'
done

exits '--to-script' 0 "$MBSIM" replay -k "$newest" --to-script "$tmp/calls.mb" "$boot"
exits 'the script runs' 0 "$MBSIM" run -k "$newest" "$tmp/calls.mb"

cat "$tmp/boot.log" "$tmp/moved.log" >"$tmp/two.log"
exits 'two boots: the first' 0 "$MBSIM" replay -k "$newest" --boot 1 "$tmp/two.log"
exits 'two boots: the last' 1 "$MBSIM" replay -k "$newest" "$tmp/two.log"
exits 'no third' 2 "$MBSIM" replay -k "$newest" --boot 3 "$tmp/two.log"
like 'is told' "$err" 'there is no boot 3'

# Addresses that are others in the log, of a machine with memory from 16 to 256 MiB: what is there here, and why.
request() {
	echo "memblock_phys_alloc_range: 1048576 bytes align=0x100000 from=0x0000000000000000 max_addr=0x0000000000000000 $1+0x1/0x2"
	echo "memblock_reserve: [$2] memblock_alloc_range_nid+0x1/0x2"
}
# elsewhere RANGE-OF-TWO RANGE-OF-THREE [RANGE-OF-ONE]
elsewhere() {
	[ $# = 3 ] && differs=9 || differs=11
	{
		echo 'memblock_add: [0x0000000001000000-0x000000000fffffff] firmware+0x1/0x2'
		echo 'memblock_reserve: [0x0000000001000000-0x00000000010fffff] kernel+0x1/0x2'
		cat <<'DUMP'
MEMBLOCK configuration:
 memory size = 0x000000000f000000 reserved size = 0x0000000000100000
 memory.cnt  = 0x1
 memory[0x0]	[0x0000000001000000-0x000000000fffffff], 0x000000000f000000 bytes flags: 0x0
 reserved.cnt  = 0x1
 reserved[0x0]	[0x0000000001000000-0x00000000010fffff], 0x0000000000100000 bytes flags: 0x0
DUMP
		request one "${3:-0x000000000ff00000-0x000000000fffffff}"
		request two "$1"
		request three "$2"
	} >"$tmp/elsewhere.log"
	exits "one, two and three at ${3:-the top}, $1, $2" 1 "$MBSIM" replay -k "$newest" --json "$tmp/elsewhere.log"
	holds 'it alone differs' ".differences | map(.line) == [$differs]"
}
elsewhere 0x0000000001000000-0x00000000010fffff 0x000000000fe00000-0x000000000fefffff
holds 'it is taken, and by whom' '.differences[0].around ==
	"the log'\''s 0x1000000: reserved here is 0x1000000-0x10fffff, in it 0x1000000-0x10fffff of line 2, kernel+0x1/0x2"'
elsewhere 0x000000000fd80000-0x000000000fe7ffff 0x000000000fc00000-0x000000000fcfffff
holds 'it is free in part' '.differences[0].around == "the log'\''s 0xfd80000: overlaps what was given here"'
elsewhere 0x000000000fc80000-0x000000000fd7ffff 0x000000000fe00000-0x000000000fefffff
holds 'it is free, and what bounds it' '.differences[0].around ==
	"the log'\''s 0xfc80000: free here is 0x1100000-0xfdfffff, above it what is reserved, below it what is reserved"'
# A limit would explain where the first is, but the second is above it.
elsewhere 0x000000000ff00000-0x000000000fffffff 0x000000000fe00000-0x000000000fefffff \
	0x000000000fd00000-0x000000000fdfffff
holds 'a limit is no excuse' '.differences[0] | .got == "0xff00000" and (.reason | test("^a limit or a direction would explain it"))'

# JSON is UTF-8, names of files need not be.
bytes=$tmp/$(printf 'a\377\303').log
cp "$tmp/boot.log" "$bytes"
exits 'a name that is not UTF-8' 0 "$MBSIM" replay -k "$newest" --json "$bytes"
holds 'has question marks' '.log | endswith("/a??.log")'

# Without banner and stamps, quoted and wrapped as mail is, two times over.
sed -e '/Linux version/d' -e 's/^\[ *[0-9.]*\] //' -e '/^@@@@/,$d' "$tmp/boot.log" | fold -s -w 100 | sed 's/^/> /' >"$tmp/mail.log"
cat "$tmp/mail.log" "$tmp/mail.log" >"$tmp/mails.log"
exits 'two boots in a mail' 0 "$MBSIM" replay -k "$newest" --json -c x86_64 "$tmp/mails.log"
holds 'both are seen, and read' '.boots == 2 and .allocations.all > 45 and .unread == []'
printf 'memblock_reserve: [0x1000-0x1fff] a+0x1/0x2\n' >"$tmp/short.log"
exits 'a log without dumps' 0 "$MBSIM" replay "$tmp/short.log"
like 'says what that means' "$out" '^There is no dump'
sed '/MEMBLOCK/d; / memory\[/d; / reserved\[/d; /\.cnt /d' "$tmp/boot.log" | sed '/^@@@@/,$d' >"$tmp/no-dump.log"
exits 'a boot without dumps' 0 "$MBSIM" replay -k "$newest" --json "$tmp/no-dump.log"
holds 'what was reserved is inferred from what is passed over' '.guessed and .allocations.all > 45 and
	(.inferred | map(select(.call | test("before the log begins"))) | length > 0)'
sed '1,/Zone ranges/d' "$tmp/no-dump.log" >"$tmp/middle.log"
exits 'from the middle' 0 "$MBSIM" replay -k "$newest" --json "$tmp/middle.log"
holds 'all the same' '.guessed and .allocations.all > 20'
printf 'nothing of memblock\n' >"$tmp/none.log"
exits 'a log without calls' 2 "$MBSIM" replay "$tmp/none.log"
like 'and what to do' "$err" 'memblock=debug'
exits 'no log' 2 "$MBSIM" replay
exits 'standard input' 0 sh -c '"$MBSIM" replay -k "$1" - <"$2"' sh "$newest" "$tmp/boot.log"

# An array that is doubled twice: the one between is freed.
{
	echo 'cmdline memblock=debug'
	echo 'memblock_add 0 1G'
	echo 'memblock_allow_resize'
	for i in $(seq 300); do
		echo "memblock_reserve $((i * 8192)) 4096"
	done
	echo 'memblock_dump_all'
} >"$tmp/double.mb"
"$MBSIM" run -k "$newest" --trace "$tmp/double.mb" | sed -n 's/^  | //p' >"$tmp/double.log"
exits 'doubled twice' 0 "$MBSIM" replay -k "$newest" --json "$tmp/double.log"
holds 'as in the log' '.doublings == { log: 2, here: 2 } and .dumps.equal == 1'

# A memblock that panics where there is no memory, and a limit that is raised without a line.
sed '/^void \* __init memblock_alloc_try_nid(/,/^}/s/^\tif (ptr)/\tif (!ptr)\n\t\tpanic("no memory");\n&/' \
	"$(tree "$newest")/mm/memblock.c" >"$tmp/panics.c"
cat >"$tmp/limit.log" <<'EOF'
memblock_add: [0x1000-0x3fffffff] a+0x1/0x2
memblock_alloc_try_nid: 4096 bytes align=0x40 nid=-1 from=0x0 max_addr=0x0 a+0x1/0x2
memblock_reserve: [0xff000-0xfffff] memblock_alloc_range_nid+0x1/0x2
memblock_reserve: [0x1000-0xfefff] a+0x1/0x2
memblock_alloc_try_nid: 4096 bytes align=0x40 nid=-1 from=0x0 max_addr=0x0 a+0x1/0x2
memblock_reserve: [0x3ffff000-0x3fffffff] memblock_alloc_range_nid+0x1/0x2
memblock_reserve: [0x200000-0x200fff] a+0x1/0x2
EOF
exits 'a panic that need not be' 0 "$MBSIM" replay -k "$newest" -m "$tmp/panics.c" "$tmp/limit.log"
like 'the limit is raised first' "$out" 'before line 5: memblock_set_current_limit\(none\)'
sed '5s/4096/1099511627776/; 6d' "$tmp/limit.log" >"$tmp/panic.log"
exits 'a panic' 1 "$MBSIM" replay -k "$newest" -m "$tmp/panics.c" --json "$tmp/panic.log"
holds 'is where it ends' '.end.status == "panic" and .end.line == 5 and .calls == 4'

# Cut at any line, without any beginning, and with any line damaged: a report or an error, and no more.
# survives NAME FILE
bad=
survives() {
	timeout 20 "$MBSIM" replay -k "$newest" --json "$2" >"$tmp/out" 2>"$tmp/err"
	case $? in
	0 | 1) jq -e .end "$tmp/out" >/dev/null || bad="$bad; $1: no report" ;;
	2) [ "$(wc -l <"$tmp/err")" = 1 ] || bad="$bad; $1: $(cat "$tmp/err")" ;;
	*) bad="$bad; $1: status $?" ;;
	esac
}
grep -n 'memblock\|MEMBLOCK\|memory\|reserved' "$tmp/boot.log" | cut -d: -f1 | awk 'NR % 34 == 1' >"$tmp/lines"
while read -r n; do
	sed "${n}q" "$tmp/boot.log" >"$tmp/cut.log"
	survives "cut behind line $n" "$tmp/cut.log"
	sed "1,${n}d" "$tmp/boot.log" >"$tmp/cut.log"
	survives "cut before line $n" "$tmp/cut.log"
	sed "${n}s/0/f/g" "$tmp/boot.log" >"$tmp/cut.log"
	survives "line $n damaged" "$tmp/cut.log"
	sed "${n}s/\\(.*\\)-.*/\\1/" "$tmp/boot.log" >"$tmp/cut.log"
	survives "line $n torn" "$tmp/cut.log"
	sed "${n}d" "$tmp/boot.log" >"$tmp/cut.log"
	survives "line $n lost" "$tmp/cut.log"
done <"$tmp/lines"
is 'cut, damaged, torn and lost lines' "$bad" ''
done_testing
