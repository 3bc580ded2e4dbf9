# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034
#
# For tests in shell; works in every POSIX shell and from every directory:
#
#	#!/bin/sh
#	# SPDX-License-Identifier: GPL-2.0-or-later
#	. "$(dirname "$0")/tap.sh"
#
#	exits 'an unknown option is refused' 2 "$MBSIM" --nonsense
#	like 'the message names it' "$err" 'nonsense'
#	done_testing
#
# A line `# sanitizers: no` keeps a test from being run again with the sanitised mbsim.
#
# Variables: $MBSIM, the program (build/mbsim unless given); $top, the root of the
# checkout; $tmp, a folder that is removed at the end; $MBSIM_CACHE, which all tests share
# unless private_cache was called; $out, $err and $status, left by exits.

top=$(cd "$(dirname "$0")/.." && pwd) || exit 2
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 129' HUP INT TERM

: "${MBSIM:=$top/build/mbsim}"
: "${MBSIM_CACHE:=$top/build/test-cache}"
# A bug that a sanitizer finds is to abort: no exit status of mbsim says that.
: "${ASAN_OPTIONS:=abort_on_error=1}"
: "${UBSAN_OPTIONS:=abort_on_error=1:print_stacktrace=1}"
export MBSIM MBSIM_CACHE ASAN_OPTIONS UBSAN_OPTIONS

tap_count=0
tap_failed=0
out='' err='' status=0

# diag TEXT: comments, every line of TEXT one of them.
diag() {
	printf '%s\n' "$1" | sed 's/^/# /'
}

# A name of one line; what follows a # would be read as a directive.
tap_point() {
	tap_count=$((tap_count + 1))
	case $2 in
	*[\#'
']*) set -- "$1" "$(printf '%s' "$2" | tr '#\n' '_ ')" ;;
	esac
	printf '%s %d - %s\n' "$1" "$tap_count" "$2"
}

# pass NAME
pass() {
	tap_point ok "$1"
}

# fail NAME [TEXT]: TEXT says why. Returns 1, as do the others that call it.
fail() {
	tap_failed=$((tap_failed + 1))
	tap_point 'not ok' "$1"
	[ $# -lt 2 ] || diag "$2"
	return 1
}

# ok NAME COMMAND...: the command succeeds; what it says is shown if it does not.
ok() {
	tap_name=$1
	shift
	if "$@" >"$tmp/.all" 2>&1; then
		pass "$tap_name"
	else
		tap_status=$?
		fail "$tap_name" "exit status $tap_status of: $*
$(cat "$tmp/.all")"
	fi
}

# is NAME GOT EXPECTED: two texts are the same.
is() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		printf '%s\n' "$2" >"$tmp/.got"
		printf '%s\n' "$3" >"$tmp/.expected"
		fail "$1" "$(diff -u "$tmp/.expected" "$tmp/.got" | sed '1s/.*/--- expected/
2s/.*/+++ got/')"
	fi
}

# like NAME GOT REGEX: a line of a text matches an extended regular expression.
like() {
	if printf '%s\n' "$2" | grep -Eq -e "$3"; then
		pass "$1"
	else
		fail "$1" "no line matches: $3
$2"
	fi
}

# unlike NAME GOT REGEX: none does.
unlike() {
	if printf '%s\n' "$2" | grep -Eq -e "$3"; then
		fail "$1" "a line matches: $3
$2"
	else
		pass "$1"
	fi
}

# holds NAME FILTER: the JSON in $out is one object, of which a jq filter is true. A failure shows what the jq
# filter $holds_shows makes of it.
holds() {
	if printf '%s\n' "$out" | jq -es "length == 1 and (.[0] | ($2))" >/dev/null; then
		pass "$1"
	else
		fail "$1" "$(printf '%s\n' "$out" | jq -c "${holds_shows:-.}" | cut -c 1-3000)"
	fi
}

# exits NAME STATUS COMMAND...: the command ends with STATUS; $out, $err and $status keep
# what it wrote and how it ended.
exits() {
	tap_name=$1
	tap_wanted=$2
	shift 2
	status=0
	"$@" >"$tmp/.out" 2>"$tmp/.err" || status=$?
	out=$(cat "$tmp/.out")
	err=$(cat "$tmp/.err")
	if [ "$status" -eq "$tap_wanted" ]; then
		pass "$tap_name"
	else
		fail "$tap_name" "exit status $status instead of $tap_wanted of: $*
standard output, the last lines:
$(tail -n 20 "$tmp/.out")
standard error, the last lines:
$(tail -n 60 "$tmp/.err")"
	fi
}

# terminal: can commands be run on one here? A chroot may have none.
terminal() {
	env script -qec true /dev/null >/dev/null 2>&1
}

# skip NAME REASON: this cannot be tried here.
skip() {
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s # SKIP %s\n' "$tap_count" "$1" "$2"
}

# skip_all REASON: nothing of this file can; ends the test.
skip_all() {
	printf '1..0 # SKIP %s\n' "$1"
	exit 0
}

# For a test that looks into the cache or spoils it.
private_cache() {
	MBSIM_CACHE=$tmp/cache
}

# Ends the test. Without this line a test has no plan and counts as failed.
done_testing() {
	printf '1..%d\n' "$tap_count"
	[ "$tap_failed" -eq 0 ]
	exit
}
