#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# --html: pages of a boot, a replay, a comparison and a large machine, in a browser (browser/page.py); their data, and
# those of what goes wrong, against docs/page.schema.json (browser/data.py).
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

printf 'layout 1\narch x86_64\npage_size 4K\nram 0x0-0x9ffff\nram 0x100000+4M\n' >"$tmp/4m.layout"
exits 'a boot that ends in a panic' 1 "$MBSIM" boot --html "$tmp/panic.html" "$tmp/4m.layout"
xz -dc "$log" | sed '/setup_log_buf/{n;s/0x000000027/0x000000024/g;}' >"$tmp/other.log"
exits 'a replay that goes otherwise' 1 "$MBSIM" replay --html "$tmp/other.html" "$tmp/other.log"
printf '%s\n' 'ram 0 64M' 'memblock_add 0 64M' 'x = memblock_phys_alloc 128M 4K' \
	'memblock_validate_numa_coverage 1M' 'memblock_remove 0 64M' >"$tmp/s.mb"
exits 'a comparison of a script' "$([ $# -gt 1 ] && echo 1 || echo 0)" "$MBSIM" diff --html "$tmp/script.html" \
	-k "$1" -k "$newest" run "$tmp/s.mb"

# data PAGE: the data in a page, which the tests below take for granted, into $out.
data() {
	out=$(sed -n '/id="data">/,/<\/script>/ { s/.*id="data">//; s/<\/script>.*//; p; }' "$tmp/$1.html")
}
holds_shows='keys'
data boot
holds 'what the firmware says' '.firmware | any(.[2] == "ram" and .[3] == "usable") and any(.[2] == "reserved")'
holds 'what memory is for, and by whom' '.owner_texts as $t | .owners |
	any($t[.[2]] == "command line" and $t[.[3]] == "setup_command_line" and .[4:6] == [0, 0])'
holds 'texts are there once' '.owner_texts | length == (unique | length)'
holds 'steps and callers' '.runs[0] | .words as $w | .calls | [.step, .caller] | map(map(select(. >= 0)) | map($w[.])) |
	(.[0] | index("setup_per_cpu_areas")) and (.[1] | index("alloc_node_data"))'
holds 'why places are where they are' '.runs[0].places | all(.[6] == 0) and any(.[11] | length > 0)'
holds 'the log, and how much room there is where that changes' '.runs[0] | (.lines | length > 100) and (.room | length < 10)'
data replay
holds 'what was freed, and when' '.owners | any(.[5] > .[4]) and any(.[5] == 0)'
holds 'lines of the log' '.runs[0].calls.line | max > 300'
holds 'zones and the size of a page' '(.zones | length == 6) and .page_size == 4096'
data panic
holds 'how it ended' '.runs[0].end | test("^panic: ")'
if [ $# -gt 1 ]; then
	data diff
	holds 'what differs between two kernels' '[.pairs[range(2; .pairs | length; 3)]] | any(. == 0) and any(. > 0)'
fi

# tell WHAT PROGRAM ARGUMENT...: passes on what a program of browser/ says.
python=/usr/bin/python3
tell() {
	what=$1 program=$top/tests/browser/$2
	shift 2
	"$python" "$program" "$@" >"$tmp/said" 2>"$tmp/why"
	is "$what" "$?$(tail -n 3 "$tmp/why")" 0
	while read -r line; do
		case $line in
		'ok '*) pass "${line#ok }" ;;
		*) fail "${line#not ok }" ;;
		esac
	done <"$tmp/said"
}

# refused WHAT EXPRESSION OF SED: data that are changed so are not by the schema.
schema=$top/docs/page.schema.json
refused() {
	sed "$2" "$tmp/boot.html" >"$tmp/bad.html"
	like "$1" "$("$python" "$top/tests/browser/data.py" "$schema" "$tmp/bad.html" 2>&1)" '^not ok'
}

if "$python" -W ignore -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null; then
	set -- "$tmp"/*.html
	tell 'the data can be read' data.py "$schema" "$@"
	refused 'another version' 's/"version":1/"version":2/'
	refused 'a key that nobody knows' 's/"kind":/"colour":1,&/'
	refused 'a call without arguments' 's/"args":\["[^"]*",/"args":[/'
	refused 'a change of a row that is not there' 's/"changes":\[2,0,0,/"changes":[2,0,1,/'
else
	skip 'data against their schema' 'no python3-jsonschema'
fi

if command -v chromium >/dev/null && command -v chromedriver >/dev/null && "$python" -c 'import selenium' 2>/dev/null; then
	tell 'the browser did not give up' page.py "$tmp/boot.html" "$tmp/replay.html" "$tmp/diff.html" "$tmp/large.html"
else
	skip 'in a browser' 'no chromium, chromium-driver or python3-selenium'
fi
done_testing
