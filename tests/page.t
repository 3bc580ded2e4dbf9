#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# --html: pages of a boot, a replay, a comparison and a large machine, in a browser (browser/page.py).
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

log=$top/tests/data/boots/amd64-6.12-8g-4node.log.xz
evil='memblock=debug <script>window.planted=1</script> "<img src=x onerror=window.planted=1>'\'' &amp; ]]>'
exits 'a boot' 0 "$MBSIM" boot --html "$tmp/boot.html" --cmdline "$evil" "$log"
exits 'a replay' 0 "$MBSIM" replay --html "$tmp/replay.html" "$log"
exits 'a large machine' 0 "$MBSIM" boot --html "$tmp/large.html" preset:server-8n-12t
set -- $kernels
exits 'a comparison' "$([ $# -gt 1 ] && echo 1 || echo 0)" "$MBSIM" diff --html "$tmp/diff.html" \
	-k "$1" -k "$newest" boot "$log"
is 'nothing of a command line is HTML' "$(grep -c '<script>window\|<img' "$tmp/boot.html")" 0
unlike 'nothing comes from elsewhere' "$(grep -v '^"' "$tmp/boot.html")" '(src|href)="?(http|//)|url\(|@import'
exits 'a file that cannot be written' 2 "$MBSIM" boot --html "$tmp/none/page.html" "$log"
like 'it is named' "$err" "^mbsim: cannot write $tmp/none/page.html: "

python=/usr/bin/python3
if command -v chromium >/dev/null && command -v chromedriver >/dev/null && "$python" -c 'import selenium' 2>/dev/null; then
	"$python" "$top/tests/browser/page.py" "$tmp/boot.html" "$tmp/replay.html" "$tmp/diff.html" \
		"$tmp/large.html" >"$tmp/said" 2>"$tmp/why"
	is 'the browser did not give up' "$?$(tail -n 3 "$tmp/why")" 0
	while read -r line; do
		case $line in
		'ok '*) pass "${line#ok }" ;;
		*) fail "${line#not ok }" ;;
		esac
	done <"$tmp/said"
else
	skip 'in a browser' 'no chromium, chromium-driver or python3-selenium'
fi
done_testing
