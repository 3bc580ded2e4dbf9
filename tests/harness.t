#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# The runner of the tests: what fails, crashes, hangs or says nothing must be seen to fail,
# and the last line must count it.
. "$(dirname "$0")/tap.sh"

house=$tmp/house
mkdir -p "$house/tests" "$house/build/asan"
cp "$top/tests/run" "$top/tests/tap.sh" "$house/tests/"

# given NAME LINE...: a test in shell.
given() {
	name=$1
	shift
	printf '%s\n' '#!/bin/sh' '. "$(dirname "$0")/tap.sh"' "$@" >"$house/tests/$name.t"
	chmod +x "$house/tests/$name.t"
}

# comes_to NAME STATUS LINE TEST...: the exit status and the last line of a run.
comes_to() {
	what=$1 wanted=$2 line=$3
	shift 3
	exits "$what: exit status" "$wanted" env BUILD=build TEST_TIMEOUT=2 "$house/tests/run" "$@"
	is "$what: the last line" "$(printf '%s\n' "$out" | tail -n 1)" "$line"
}

comes_to 'no test at all' 1 '0 passed, 0 failed, 0 skipped'

given good "pass 'one'" "skip 'two' 'not here'" 'done_testing'
comes_to 'a good test, with and without sanitizers' 0 '2 passed, 0 failed, 2 skipped' tests/good.t
comes_to 'only without' 0 '1 passed, 0 failed, 1 skipped' --plain tests/good.t

given bad '# sanitizers: no' "pass 'one'" "is 'two' 'this' 'that'" 'done_testing'
comes_to 'a failed point' 1 '1 passed, 1 failed, 0 skipped' tests/bad.t
like 'it is named' "$out" '^  not ok 2 - two$'
like 'it is explained' "$out" '^  # \+this$'
comes_to 'a failed point among others' 1 '3 passed, 1 failed, 2 skipped'

given noplan '# sanitizers: no' "pass 'one'"
comes_to 'a test without its end' 1 '1 passed, 1 failed, 0 skipped' tests/noplan.t
given crash '# sanitizers: no' "pass 'one'" 'kill -9 $$'
comes_to 'a crash' 1 '1 passed, 1 failed, 0 skipped' tests/crash.t
like 'it is named' "$out" 'killed by signal 9'
given status '# sanitizers: no' "pass 'one'" 'done_testing & wait' 'exit 3'
comes_to 'a bad exit status alone' 1 '1 passed, 1 failed, 0 skipped' tests/status.t
given mute '# sanitizers: no' 'exit 0'
comes_to 'a test that says nothing' 1 '0 passed, 1 failed, 0 skipped' tests/mute.t
given slow '# sanitizers: no' "pass 'one'" 'sleep 60' 'done_testing'
comes_to 'a test that hangs' 1 '1 passed, 1 failed, 0 skipped' tests/slow.t
like 'it is explained' "$out" 'took longer than 2 seconds'
given absent '# sanitizers: no' "skip_all 'nothing to try'"
comes_to 'a test that skips everything' 1 '0 passed, 0 failed, 1 skipped' tests/absent.t
exits 'a test that is not there' 2 "$house/tests/run" tests/none.t

done_testing
