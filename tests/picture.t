#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Pictures of address spaces in text: as wide as the terminal, in what it can show.
# sanitizers: no
. "$(dirname "$0")/tap.sh"

boots="$top/tests/data/boots"
# what the terminal of whoever runs this has must not matter
unset COLUMNS NO_COLOR TERM
LC_ALL=C
export LC_ALL

# widest: columns of the longest line, colours left out
widest() {
	printf '%s\n' "$out" | LC_ALL=C.UTF-8 perl -CS -ne \
		'chomp; s/\r//g; s/\e\[[0-9;]*m//g; $n = length if length > ($n // 0); END { print $n // 0 }'
}

cat >"$tmp/odd.layout" <<'END'
layout 1
arch arm64
page_size 4K
ram 1G+4K
ram 0x40002000-0x4003fffffff
reserved 0x3f000000+64K "odd: \x1b[31m and Ünïcode"
node 0 1G+2T
node 1 0x20040000000+2T
kernel 0x40200000+32M
END

for width in 40 80 200; do
	for what in "layout show --picture $tmp/odd.layout" "layout show --picture preset:server-8n-12t" \
		"layout show --picture generate:nodes=7,holes=90"; do
		for locale in C C.UTF-8; do
			# shellcheck disable=SC2086 # words
			exits "$width columns, $locale: $what" 0 env LC_ALL=$locale COLUMNS=$width "$MBSIM" $what
			out=$(printf '%s\n' "$out" | sed '/^The firmware/,$d; 1,/^$/d')
			n=$(widest)
			if [ "$n" -le "$width" ] && [ "$n" -gt $((width - 8)) ]; then
				pass 'as wide as that'
			else
				fail 'as wide as that' "$n columns of $width: $out"
			fi
			if [ $locale = C ]; then
				unlike 'ASCII only' "$out" '[^ -~]'
			else
				like 'blocks' "$out" '░'
			fi
		done
	done
done

exits 'a large machine' 0 env COLUMNS=40 "$MBSIM" boot --show=picture preset:server-8n-12t
is 'as wide as that' "$(widest)" 40
like 'areas of processors are one' "$out" '^ +0x18080000000 -{5,}p-p-m+s'
exits 'a boot' 0 env COLUMNS=80 "$MBSIM" boot --show=picture
like 'the whole to scale' "$out" '^  0 -*k-{40,}-*m[a-z]* 1.9G$'
like 'a row begins with its address' "$out" '^ +0x3c11000 -{10,}d{5,}p+-+p+-+$'
like 'the legend has sizes' "$out" '^  - free 1.8G   k kernel image 44M   m memory map 32M'
like 'what is no RAM is not reserved' "$out" '   % no RAM 400\.6K$'
unlike 'no colour in a pipe' "$out" '\['
for what in 'boot --show=picture' 'layout show --picture'; do
	# shellcheck disable=SC2086 # words
	exits "$what: memory that is not mapped" 0 env COLUMNS=80 "$MBSIM" $what preset:board-cma
	like 'has a sign of its own' "$out" ' = not mapped [0-9.]+M'
done
exits 'not in a pipe, unless asked for' 0 "$MBSIM" boot
unlike 'no picture' "$out" 'To scale'
exits 'asked for' 0 "$MBSIM" boot --picture
like 'a picture, and the rest' "$out" '^To scale'
like 'the rest' "$out" '^All checks hold'
exits 'narrower than 40 is 40' 0 env COLUMNS=10 "$MBSIM" boot --show=picture
is 'it is 40' "$(widest)" 40
exits 'COLUMNS that are no number' 0 env COLUMNS=x "$MBSIM" boot --show=picture
exits 'when else' 2 "$MBSIM" boot --picture=sometimes
like 'it says what there is' "$err" "always, never or auto, not 'sometimes'"

exits 'an odd layout' 0 env COLUMNS=80 "$MBSIM" layout show --picture "$tmp/odd.layout"
like 'nodes are bands' "$out" '^  node 1, 2T$'
like 'a name that cannot be shown does no harm' "$out" 'odd: \?\[31m and'
like 'a page is as visible as terabytes' "$out" '^ +0x3f000000 R{5}\.{13}-\.-{10}k{14}$'

exits 'a replay' 0 env COLUMNS=80 "$MBSIM" replay --picture "$boots/arm64-6.12-4g-2node.log.xz"
like 'by purpose' "$out" 'b bounce buffers [0-9.]+M'
like 'by node' "$out" '^  node 1, 3G$'
like 'the verdict is behind it' "$(printf '%s\n' "$out" | tail -n 1)" '^Every allocation'

cat >"$tmp/bad & <b>.layout" <<'END'
layout 1
arch arm64
ram 1G+4G
dtb 1G+1M
END
printf 'reserved_memory 0x48000000+64M "</text><b>\\x01\\xff&"\n' >>"$tmp/bad & <b>.layout"
printf 'reserved_memory 0x50000000+64M "\303\251 \\xef\\xbf\\xbe|\\xef\\xbf\\xbd"\n' >>"$tmp/bad & <b>.layout"
for what in 'boot' "replay $boots/arm64-6.12-4g-2node.log.xz" 'layout show preset:server-8n-12t'; do
	# shellcheck disable=SC2086 # words
	exits "a figure: $what" 0 "$MBSIM" $what --svg "$tmp/a.svg"
	exits 'it is XML' 0 xmllint --noout "$tmp/a.svg"
	like 'has a title' "$(cat "$tmp/a.svg")" '<title id="title">[^<]'
	like 'and a legend' "$(cat "$tmp/a.svg")" '>(free|RAM), [0-9.]+[GT]<'
done
exits 'names that are markup' 0 "$MBSIM" layout show --svg "$tmp/a.svg" "$tmp/bad & <b>.layout"
exits 'it is XML' 0 xmllint --noout "$tmp/a.svg"
like 'they are text' "$(cat "$tmp/a.svg")" '>&lt;/text&gt;&lt;b&gt;\?\?&amp;<'
like 'what is UTF-8 stays, but no character' "$(cat "$tmp/a.svg")" '>é \?\?\?\|�<'
exits 'a folder that is not there' 2 "$MBSIM" boot --svg "$tmp/none/a.svg"

if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	on_terminal() {
		exits "$@"
		out=$(printf '%s\n' "$out" | tr -d '\r')
	}
	on_terminal 'on a terminal' 0 env TERM=xterm LC_ALL=C.UTF-8 script -qec "$MBSIM boot" /dev/null
	like 'a picture, with colours' "$out" '\[32m░+.\[0m'
	on_terminal 'of 40 columns' 0 env TERM=xterm script -qec "stty cols 40; $MBSIM boot --show=picture" /dev/null
	is 'as wide as it is' "$(widest)" 40
	on_terminal 'never' 0 env TERM=xterm script -qec "$MBSIM boot --picture=never" /dev/null
	unlike 'no picture' "$out" 'To scale'
	on_terminal 'NO_COLOR' 0 env TERM=xterm NO_COLOR=1 LC_ALL=C.UTF-8 script -qec "$MBSIM boot --show=picture" /dev/null
	unlike 'no colour' "$out" '\['
	like 'but blocks' "$out" '░'
	on_terminal 'TERM=dumb' 0 env TERM=dumb LC_ALL=C.UTF-8 script -qec "$MBSIM boot --show=picture" /dev/null
	unlike 'plain ASCII' "$out" '[^ -~]'
	on_terminal 'a layout' 0 env TERM=xterm script -qec "$MBSIM layout show" /dev/null
	like 'is drawn' "$out" 'To scale'
else
	skip 'on a terminal' 'no terminal to be had'
fi
done_testing
