# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
#
# For tests that need kernels' sources, after tap.sh: $kernels, those of 6.1 and 6.12 that are
# installed; tree VERSION prints a directory with the files of one; script NAME STATUS
# TEXT [OPTION...] runs a script of memblock calls and tests its exit status.

[ -x "$MBSIM" ] || {
	echo "Bail out! no $MBSIM"
	exit 2
}
kernels=
for tap_k in 6.1 6.12; do
	if "$MBSIM" kernel --json | jq -e --arg k "$tap_k" '.kernels | index($k)' >/dev/null; then
		kernels="$kernels $tap_k"
	fi
done
[ -n "$kernels" ] || skip_all 'neither linux-source-6.1 nor linux-source-6.12 is installed'
newest=${kernels##* }

# The directory that an engine's memblock.c was taken from.
tree() {
	"$MBSIM" kernel show --json -k "$1" | jq -r .memblock | sed 's,/mm/memblock.c$,,'
}

script() {
	script_name=$1 script_status=$2 script_text=$3
	shift 3
	printf '%s\n' "$script_text" >"$tmp/script.mb"
	exits "$script_name" "$script_status" "$MBSIM" run "$@" "$tmp/script.mb"
}
