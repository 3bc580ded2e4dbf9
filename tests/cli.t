#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Habits of the command line, the same for every command.
. "$(dirname "$0")/tap.sh"

exits 'mbsim help' 0 "$MBSIM" help
for command in $(printf '%s\n' "$out" | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
	exits "mbsim $command --help" 0 "$MBSIM" "$command" --help
	like 'is on standard output' "$out" "^Usage: mbsim $command"
	exits "mbsim help $command" 0 "$MBSIM" help "$command"
	like 'is the same' "$out" "^Usage: mbsim $command"
	exits "mbsim $command --nonsense" 2 "$MBSIM" "$command" --nonsense
	like 'is told on standard error' "$err" 'nonsense'
	is 'and nothing on standard output' "$out" ''
done
exits 'mbsim --version' 0 "$MBSIM" --version
like 'says it' "$out" '^mbsim [0-9]'
exits 'no command' 2 "$MBSIM"
exits 'an unknown command' 2 "$MBSIM" frobnicate
like 'is named, and where to look' "$err" "no command 'frobnicate'; .mbsim help. lists them"
is 'in one line' "$(printf '%s\n' "$err" | wc -l)" 1
exits 'an unknown verb' 2 "$MBSIM" kernel frobnicate

# A full disk is an error, not a short report.
if [ -c /dev/full ]; then
	exits 'output that cannot be written' 2 sh -c '"$MBSIM" kernel >/dev/full'
	like 'is told' "$err" 'cannot write the output'
else
	skip 'output that cannot be written' 'no /dev/full'
fi
done_testing
