#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""data.py SCHEMA PAGE...: holds the data in pages of --html against their schema, and what a schema cannot say:
that columns are of one length and that what refers to a list is in it. Prints as page.py does."""
import json
import os
import sys

MOST_WRONG = 3


def read_data(path):
    """The data of a page."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    begin = text.index('id="data">') + len('id="data">')
    return json.loads(text[begin:text.index("</script>", begin)])


def wrong_changes(run):
    """Each change takes rows that are there, and there are as many as the calls have."""
    rows, flat, at, made = [0, 0, 0, 0], run["changes"], 0, 0
    while at < len(flat):
        kind, place, gone, come = flat[at:at + 4]
        if not 1 <= kind <= 3 or place + gone > rows[kind]:
            yield f"change {made}: {gone} rows from {place} on of {rows[kind]} in array {kind}"
            return
        for flags in flat[at + 6:at + 4 + 4 * come:4]:
            if not 0 <= flags < len(run["words"]):
                yield f"change {made}: no word {flags}"
        rows[kind] += come - gone
        at += 4 + 4 * come
        made += 1
    if at != len(flat) or made != sum(run["calls"]["changes"]):
        yield f"{made} changes of {sum(run['calls']['changes'])}"


def wrong_run(data, run):
    calls, words = run["calls"], len(run["words"])
    number = len(calls["name"])
    for key, column in calls.items():
        if len(column) != number:
            yield f"{key} has {len(column)} entries for {number} calls"
    for key in ("name", "caller", "step", "arg_names"):
        if any(word >= words for word in calls[key]):
            yield f"{key}: a word behind the last of {words}"
    for key in ("call_lines", "room", "places"):
        if any(entry[0] >= number for entry in run[key]):
            yield f"{key}: a call behind the last of {number}"
    if any(first + lines > len(run["lines"] or ()) for _, first, lines in run["call_lines"]):
        yield "call_lines: a line behind the last"
    if any(call >= number for call in run["ended"]):
        yield "ended: a call behind the last"
    for place in run["places"]:
        if len(place) > 9 and (place[8] >= len(data["passes"]) or
                               any(why >= len(data["refused"]) for why, *_ in place[11])):
            yield f"places: a name of call {place[0]} is not there"
    yield from wrong_changes(run)


def wrong(data):
    """What a schema cannot say."""
    texts = len(data["owner_texts"])
    if any(owner[2] >= texts or owner[3] >= texts for owner in data["owners"]):
        yield "owners: a text behind the last"
    for run in data["runs"]:
        yield from wrong_run(data, run)
    pairs = data.get("pairs", [])
    if len(pairs) % 3:
        yield f"pairs: {len(pairs)} numbers, three for each"
    for side, run in enumerate(data["runs"] if pairs else []):
        if [call for call in pairs[side::3] if call >= 0] != list(range(len(run["calls"]["name"]))):
            yield f"pairs: not each call of run {side}, one after the other"


def main():
    # with Debian's jsonschema
    from jsonschema import Draft202012Validator

    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for path in sys.argv[2:]:
        name, data = os.path.basename(path), read_data(path)
        found = [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(data)] or list(wrong(data))
        print(f"{'not ok' if found else 'ok'} {name}: the data are by their schema" +
              (": " + "; ".join(found[:MOST_WRONG]) if found else ""))


if __name__ == "__main__":
    main()
