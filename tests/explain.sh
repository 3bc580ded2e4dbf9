# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
#
# For tests of mbsim explain, after tap.sh: asked NAME STATUS ARGUMENT... leaves the answer as JSON in $out, for holds.

holds_shows='{verdict, facts, sentences, tables}'

asked() {
	asked_name=$1
	asked_status=$2
	shift 2
	exits "$asked_name" "$asked_status" "$MBSIM" explain --json "$@"
}
