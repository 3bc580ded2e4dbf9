#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Machines from what a running system offers: files of /proc and /sys, and copies of them.
. "$(dirname "$0")/tap.sh"

boots=$top/tests/data/boots

# shown LOG FILE: what a capture shows of a file.
shown() {
	xz -dc "$boots/$1.log.xz" | sed -n "\\,^@@@@ $2\$,,/^@@@@ end/p" | sed '1d;$d'
}

# boot SOURCE: what becomes of it in JSON, without names, notes and times.
boot() {
	"$MBSIM" boot --json "$1" | jq 'del(.layout, .time, .notes)'
}

# tables LOG: its tables of ACPI as files, from their dump.
tables() {
	for table in SRAT SLIT; do
		# shellcheck disable=SC2016 # the variables are perl's
		shown "$1" "/sys/firmware/acpi/tables/$table" |
			perl -ne '/^    [0-9A-F]+: ((?:[0-9A-F]{2} )+)/ and print pack("(H2)*", split " ", $1)' \
				>"$2/$table"
		[ -s "$2/$table" ] || rm "$2/$table"
	done
}

# machine LOG DIRECTORY: the files of a captured machine, as they were there.
machine() {
	mkdir -p "$2/proc" "$2/sys/firmware/acpi/tables" "$2/sys/devices/system/cpu"
	shown "$1" /proc/iomem >"$2/proc/iomem"
	shown "$1" /proc/cmdline >"$2/proc/cmdline"
	shown "$1" /proc/version >"$2/proc/version"
	echo 0-1 >"$2/sys/devices/system/cpu/possible"
	shown "$1" /sys/firmware/memmap | while IFS=: read -r name value; do
		mkdir -p "$(dirname "$2$name")"
		echo "$value" >"$2$name"
	done
	tables "$1" "$2/sys/firmware/acpi/tables"
}

# Each of them is enough, and is found out.
log=amd64-6.12-3g-2node-slit-dimm
for file in /proc/iomem /sys/firmware/memmap /sys/firmware/acpi/tables/SRAT; do
	shown "$log" "$file" >"$tmp/file"
	exits "$file is a machine" 0 "$MBSIM" boot "$tmp/file"
	like 'it boots' "$out" '^All checks hold'
done

# The firmware's map and its log are the same machine.
shown "$log" /sys/firmware/memmap >"$tmp/memmap"
xz -dc "$boots/$log.log.xz" | grep -E 'BIOS-e820' >"$tmp/e820.log"
is 'memmap boots as the map in the log' "$(boot "$tmp/memmap" | sha256sum)" \
	"$(boot "$tmp/e820.log" | sha256sum)"

# A machine from a copy of its files.
machine "$log" "$tmp/m"
exits '--live of a copy' 0 "$MBSIM" boot --live="$tmp/m"
like 'it boots' "$out" '^All checks hold'
like 'the command line is that of the machine' "$out" 'log_buf_len=4M'
like 'the kernel is where it was' "$out" '0x11ac00000.*kernel image'
like 'the end of RAM is known' "$out" '0x13fffffff'
unlike 'memory that was plugged in is not there' "$(printf '%s\n' "$out" | grep -v '^note:')" '0x17fffffff'
like 'which is told' "$out" '^note: .*: entry 0 was plugged in'
like 'it has the nodes of its tables' "$out" '^node 1 Normal'
exits 'live: is the same' 0 "$MBSIM" boot "live:$tmp/m/"
exits 'memmap is a directory' 0 "$MBSIM" boot "$tmp/m/sys/firmware/memmap"
rm -r "$tmp/m/sys/firmware/memmap"
exits 'without memmap' 0 "$MBSIM" boot --live="$tmp/m"
like 'the map is that of iomem' "$out" '0x11ac00000.*kernel image'

# Without root, addresses are zeroes.
sed 's/[0-9a-f]\{8,\}-[0-9a-f]\{8,\}/00000000-00000000/' "$tmp/m/proc/iomem" >"$tmp/zeroes"
exits 'iomem of somebody else than root' 2 "$MBSIM" boot "$tmp/zeroes"
like 'says how to get it' "$err" 'all addresses are 0.*sudo'
is 'in one line' "$(printf '%s\n' "$err" | wc -l)" 1
cp "$tmp/zeroes" "$tmp/m/proc/iomem"
exits 'a live machine with nothing else' 2 "$MBSIM" boot --live="$tmp/m"
like 'says the same' "$err" 'nothing says where the memory is: .*sudo'

# Memory blocks and nodes of sysfs are all that everybody can read.
ok 'a tree of sysfs is written' "$MBSIM" boot --sysfs="$tmp/tree" "$boots/amd64-6.12-8g-4node.log.xz"
exits 'it is a machine' 0 "$MBSIM" boot --live="$tmp/tree"
like 'with its nodes' "$out" '^node 3 Normal'
like 'in whole blocks' "$out" '^All checks hold'

# What is not a machine.
mkdir -p "$tmp/runtime/0"
echo 0x1000 >"$tmp/runtime/0/phys_addr"
exits 'the map of run-time services' 2 "$MBSIM" boot "$tmp/runtime"
like 'says what it is' "$err" "run-time services only"
exits 'nothing at all' 2 "$MBSIM" boot --live="$tmp/none"
like 'names what it looked for' "$err" "$tmp/none/sys/firmware/memmap"
exits '--live and a layout' 2 "$MBSIM" boot --live "$tmp/memmap"
like 'is one too many' "$err" 'leave it or'
printf 'SLIT,\0\0\0\1' >"$tmp/slit"
exits 'half a table' 2 "$MBSIM" boot "$tmp/slit"
like 'is told' "$err" 'ends within its header.*tables/SLIT'
exits 'a SLIT as something else' 2 "$MBSIM" boot --from=srat "$tmp/memmap"
like 'is no table' "$err" 'neither an SRAT nor a SLIT'
exits 'the formats' 0 "$MBSIM" boot --from=help
for format in srat slit acpi iomem memmap efi-memmap lsmmap; do
	like "$format is listed" "$out" "^$format "
done
like 'live: is listed' "$out" '^live:'
done_testing
