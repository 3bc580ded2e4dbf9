#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# What the kernel's memblock logs and shows here is, character by character, what real kernels
# logged and showed: the state that a captured log dumps is set up, and dumped again.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

# The first dump of memblock in a log, without timestamps; the sizes' sum is left out, as x86
# changes memory without a line in the log.
first_dump() {
	xz -dc "$1" | sed 's/^\[ *[0-9.]*\] //' | awk '/^MEMBLOCK configuration/ { n++ }
		n == 1 && /^ (memory|reserved)(\.cnt|\[)/ { print; seen = 1; next }
		n == 1 && seen { exit }'
}

# A script that makes what rows of a dump show.
script_of_dump() {
	perl -ne '
		/^ (memory|reserved)\[\w+\]\s\[(0x\w+)-\w+\], (0x\w+) bytes(?: on node (\d+))? flags: (0x\w+)/ or next;
		my ($type, $base, $size, $nid, $flags) = ($1, $2, $3, $4, hex $5);
		print "memblock_", $type eq "memory" ? "add" : "reserve", " $base $size\n";
		push @after, "memblock_set_node $base $size $type $nid\n" if defined $nid;
		push @after, "memblock_mark_hotplug $base $size\n" if $flags & 1 && $type eq "memory";
		push @after, "memblock_mark_mirror $base $size\n" if $flags & 2 && $type eq "memory";
		push @after, "memblock_mark_nomap $base $size\n" if $flags & 4 && $type eq "memory";
		END { print @after, "cmdline memblock=debug\nmemblock_dump_all\n" }'
}

for log in "$top"/tests/data/boots/*.log.xz; do
	name=$(basename "$log" .log.xz)
	k=$(echo "$name" | cut -d- -f2)
	case $kernels in *$k*) ;; *) skip "$name: the dump" "no source of $k"; continue ;; esac
	first_dump "$log" >"$tmp/dump"
	[ -s "$tmp/dump" ] || { fail "$name: the log has a dump"; continue; }
	# flags of reserved regions are set by calls that are not in the log
	if grep -q '^ reserved.*flags: 0x[1-9a-f]' "$tmp/dump"; then
		skip "$name: the dump" 'reserved regions with flags'
		continue
	fi
	script_of_dump <"$tmp/dump" >"$tmp/dump.mb"
	# addresses of a kernel without PAE are shorter
	case $name in *-nopae*) config=i386 ;; *) config=x86_64 ;; esac
	"$MBSIM" run -k "$k" --config $config --trace "$tmp/dump.mb" >"$tmp/trace" 2>&1 || diag "$(cat "$tmp/trace")"
	is "$name: the dump" "$(sed -n 's/^  | \( [mr][a-z]*[.[]\)/\1/p' "$tmp/trace")" "$(cat "$tmp/dump")"

	# each logged reservation and removal, with the caller cut off
	xz -dc "$log" | sed 's/^\[ *[0-9.]*\] //' |
		sed -n 's/^\(memblock_reserve\|memblock_add\|memblock_remove\|memblock_phys_free\): \(\[0x[0-9a-f]*-0x[0-9a-f]*\]\) .*/\1: \2/p' |
		head -n 60 >"$tmp/lines"
	perl -ne '/^(\w+): \[(0x\w+)-(0x\w+)\]/ or next; my $n = $1;
		no warnings; my $size = hex($3) - hex($2) + 1;
		printf "%s %s %d\n", $n, $2, $size if $size > 0' "$tmp/lines" >"$tmp/calls"
	{ echo 'set can_resize 0'; echo 'cmdline memblock=debug'; cat "$tmp/calls"; } >"$tmp/lines.mb"
	"$MBSIM" run -k "$k" --config $config --trace "$tmp/lines.mb" 2>&1 | sed -n 's/^  | \(memblock_[a-z_]*: [^ ]*\) mbsim+0x0\/0x0$/\1/p' >"$tmp/got"
	[ -s "$tmp/got" ] || fail "$name: there are lines of calls"
	is "$name: the lines of calls" "$(cat "$tmp/got")" \
		"$(awk '{ split($2, a, "[][-]"); if (a[2] <= a[3]) print }' "$tmp/lines")"
done

# debugfs of arm64: rows of memory and reserved, with nodes and flags from 6.5 on.
for log in "$top"/tests/data/boots/arm64-*.log.xz; do
	name=$(basename "$log" .log.xz)
	k=$(echo "$name" | cut -d- -f2)
	case $kernels in *$k*) ;; *) continue ;; esac
	for type in memory reserved; do
		xz -dc "$log" | sed -n "/^@@@@ .*memblock\/$type\$/,/^@@@@ end/p" | grep -v '^@@@@' >"$tmp/rows"
		[ -s "$tmp/rows" ] || continue
		perl -e '
			my $type = shift;
			while (<>) {
				my ($base, $last, $nid, $flags) =
					/^ *\d+: (0x\w+)\.\.(0x\w+)(?: +(\d+|x) (\S+))?/ or next;
				my $size = hex($last) - hex($base) + 1;
				print "memblock_", $type eq "memory" ? "add" : "reserve", " $base $size\n";
				push @after, "memblock_set_node $base $size $type $nid\n"
					if defined $nid && $nid ne "x";
				push @after, "memblock_mark_nomap $base $size\n" if ($flags // "") =~ /NOMAP/;
				push @after, "memblock_reserved_mark_noinit $base $size\n" if ($flags // "") =~ /RSV_NIT/;
			}
			print "memblock_allow_resize\n", @after, "dump debugfs memblock/$type\n"' "$type" "$tmp/rows" >"$tmp/rows.mb"
		# what is not told (nodes, NOMAP in 6.1) would merge: then rows cannot be made again
		exits "$name: debugfs $type can be made" 0 "$MBSIM" run -k "$k" --config arm64 "$tmp/rows.mb"
		if [ "$(printf '%s\n' "$out" | wc -l)" -ne "$(wc -l <"$tmp/rows")" ] && [ "$k" = 6.1 ]; then
			skip "$name: debugfs $type" 'rows touch that differ in what 6.1 does not show'
		else
			is "$name: debugfs $type" "$out" "$(cat "$tmp/rows")"
		fi
	done
done
done_testing
