#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
schema.py SCHEMAS FOLDER: every NAME.WHAT.json of FOLDER against SCHEMAS/NAME.json. Prints "ok WHAT" and
"not ok WHAT: why" for each, and for each schema whether it is one and would notice a key that it does not name.
"""
import copy
import json
import pathlib
import sys

import jsonschema


def refused(validator, value):
    """Where the value is not what the schema says, in one line; "" if it is."""
    errors = list(validator.iter_errors(value))
    if not errors:
        return ""
    worst = jsonschema.exceptions.best_match(errors)
    return f"{worst.json_path}: {worst.message[:300]}".replace("\n", " ")


def is_open(schema):
    """Whether it takes whatever there is, or an object or a list with whatever is in it."""
    kinds = schema.get("type", [])
    return (not schema.keys() & {"type", "const", "enum", "$ref", "oneOf", "anyOf"}
            or "object" in kinds and schema.get("additionalProperties", True) is True
            or "properties" in schema and schema.get("additionalProperties") is not False
            or "array" in kinds and "items" not in schema)


def open_places(schema, at="#"):
    """Places of the parts of a schema that are."""
    if is_open(schema):
        yield at
    for word in ("properties", "$defs"):
        for key, part in schema.get(word, {}).items():
            yield from open_places(part, f"{at}/{word}/{key}")
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            yield from open_places(schema[word], f"{at}/{word}")
    for word in ("oneOf", "anyOf"):
        for i, part in enumerate(schema.get(word, [])):
            yield from open_places(part, f"{at}/{word}/{i}")


def objects(value):
    """The object and those in it, the first of each list."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from objects(part)
    elif isinstance(value, list) and value:
        yield from objects(value[0])


def told(what, why):
    print(f"not ok {what}: {why}" if why else f"ok {what}")


def changes(validator, value):
    """What is changed in a good value and is not noticed."""
    for i, _ in enumerate(objects(value)):
        planted = copy.deepcopy(value)
        where = list(objects(planted))[i]
        where["Not A Key"] = [{}]
        if not refused(validator, planted):
            yield f"a key beside {', '.join(list(where)[:3])}"
    if isinstance(value, dict) and "version" in value:
        for version in (None, 2, "1"):
            planted = {**value, "version": version}
            if version is None:
                del planted["version"]
            if not refused(validator, planted):
                yield f"version {version}"


def main(schemas, folder):
    for path in sorted(pathlib.Path(schemas).glob("*.json")):
        schema = json.loads(path.read_text("utf-8"))
        kind = jsonschema.validators.validator_for(schema)
        try:
            kind.check_schema(schema)
            why = " ".join(open_places(schema))
        except jsonschema.SchemaError as e:
            why = e.message
        told(f"{path.stem}: the schema is one, and closed", why)
        validator = kind(schema)
        smallest = None
        for output in sorted(pathlib.Path(folder).glob(f"{path.stem}.*.json"), key=lambda p: p.stat().st_size):
            what = f"{path.stem}: {output.stem.split('.', 1)[1]}"
            try:
                value = json.loads(output.read_text("utf-8"))
            except ValueError as e:
                told(what, str(e))
                continue
            why = refused(validator, value)
            told(what, why)
            if smallest is None and not why:
                smallest = value
        if smallest is None:
            told(f"{path.stem}: an output was tried", "none is valid")
        else:
            told(f"{path.stem}: what is changed is noticed", "; ".join(changes(validator, smallest)))


if __name__ == "__main__":
    main(*sys.argv[1:])
