#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""page.py PAGE...: opens pages of --html in a browser, works with them as a reader does, and holds what they
show against the data that is in them. Prints `ok TEXT` or `not ok TEXT: why` for each expectation."""
import json
import os
import sys
from decimal import ROUND_HALF_UP, Decimal

from browser import open_browser
from data import read_data

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# The page draws in the next frame.
SETTLED = ";requestAnimationFrame(() => requestAnimationFrame(() => arguments[arguments.length - 1]()));"
SCALES = ("linear", "log", "folded")


class Page:
    def __init__(self, browser, path):
        self.browser = browser
        self.name = os.path.basename(path)
        browser.get("file://" + os.path.abspath(path))
        self.data = read_data(path)

    def expect(self, what, got, wanted):
        good = got == wanted
        print(f"{'ok' if good else 'not ok'} {self.name}: {what}" +
              ("" if good else f": {got!r} instead of {wanted!r}"))

    def read(self, text, *arguments):
        return self.browser.execute_script(text, *arguments)

    def act(self, text, *arguments):
        """As `read`, and returns once the page has drawn what comes of it."""
        self.browser.execute_async_script(text + SETTLED, *arguments)

    def text(self, name):
        return self.read("return document.getElementById(arguments[0]).textContent", name)

    def click(self, name, times=1):
        self.act("for (let i = 0; i < arguments[1]; i++) document.getElementById(arguments[0]).click()", name, times)

    def enter(self, name, value, event):
        self.act("const e = document.getElementById(arguments[0]); e.value = arguments[1];"
                 "e.dispatchEvent(new Event(arguments[2], { bubbles: true, cancelable: true }))",
                 name, value, event)

    def first_regions(self):
        return self.read("return [...document.querySelectorAll('#regions .row')]"
                         ".sort((a, b) => a.ariaRowIndex - b.ariaRowIndex).slice(0, 3)"
                         ".map((r) => r.children[1].textContent + '-' + r.children[2].textContent)")

    def texts(self, selector):
        return self.read("return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", selector)

    def cells(self, rows):
        """Of each of the rows, as texts."""
        return self.read("return [...document.querySelectorAll(arguments[0])]"
                         ".map((row) => [...row.children].map((cell) => cell.textContent))", rows)

    def rows(self, within):
        """Those of the tables there."""
        return self.cells(f"{within} tbody tr")

    def position(self):
        return int(self.read("return document.getElementById('slider').value"))

    def moments(self):
        return len(self.data["pairs"]) // 3 if "pairs" in self.data else len(self.data["runs"][0]["calls"]["name"])


def rows_after(run, calls):
    """The arrays as they are after so many calls, from the data: {type: [[start, size, flags, node]]}."""
    state, flat, at = {1: [], 2: [], 3: []}, run["changes"], 0
    for _ in range(sum(run["calls"]["changes"][:calls])):
        kind, place, gone, come = flat[at:at + 4]
        rows = [flat[at + 4 + 4 * i:at + 8 + 4 * i] for i in range(come)]
        state[kind][place:place + gone] = rows
        at += 4 + 4 * come
    return state


def total(rows):
    return sum(row[1] for row in rows)


def starts(state):
    """Where the first regions of the list are, as it has them."""
    return [f"{hex(row[0])}-{hex(row[0] + row[1] - 1)}" for row in (state[1] + state[2])[:3]]


def try_moments(page):
    run, last = page.data["runs"][0], page.moments()
    page.expect("it begins at the end", page.read("return document.getElementById('slider').value"), str(last))
    for moment in (last // 2, 1, last):
        page.enter("slider", moment, "input")
        state = rows_after(run, moment)
        page.expect(f"regions after call {moment}", page.text("regions-count").replace(",", ""),
                    str(sum(map(len, state.values()))))
        name = run["words"][run["calls"]["name"][moment - 1]]
        page.expect(f"call {moment} is told", page.text("position"), f"Call {moment:,} of {last:,}: {name}")
        result = run["calls"]["result"][moment - 1] or "none"
        page.expect(f"result of call {moment}", result in page.text("call"), True)
        page.expect(f"first regions after call {moment}", page.first_regions(), starts(state))
    page.click("first")
    page.expect("before the first call there is nothing", page.text("regions-count"), "0")
    # a step back is made otherwise than a jump: what was taken away comes back
    taking = [call for call in range(last) if len(rows_after(run, call)[2]) > len(rows_after(run, call + 1)[2])]
    for call in taking[-2:]:
        page.enter("number", call + 1, "change")
        page.click("prev")
        page.expect(f"regions after a step back to {call}", page.text("regions-count").replace(",", ""),
                    str(sum(map(len, rows_after(run, call).values()))))
    page.click("last")


def try_folded(page):
    moment = page.moments() // 3
    state = rows_after(page.data["runs"][0], moment)
    page.act("document.getElementById('regions-box').open = false")
    page.enter("slider", moment, "input")
    page.expect("regions are counted while their list is folded", page.text("regions-count").replace(",", ""),
                str(sum(map(len, state.values()))))
    page.act("document.getElementById('regions-box').open = true")
    page.expect("and listed when it is unfolded", page.first_regions(), starts(state))
    page.click("last")


def try_search(page):
    run = page.data["runs"][0]
    words = [run["words"][i] for i in run["calls"]["name"]]
    page.enter("search", "memblock_reserve", "input")
    wanted = ["memblock_reserve" in " ".join((word, args)) or "memblock_reserve" in
              (run["words"][caller] if caller >= 0 else "")
              for word, args, caller in zip(words, run["calls"]["args"], run["calls"]["caller"])]
    wanted = [call + 1 for call, matches in enumerate(wanted) if matches]
    page.expect("a search", page.text("matches").split(" ")[0], str(len(wanted)))
    page.click("first")
    for button, match in (("find-next", 0), ("find-next", 1), ("find-prev", 0), ("find-prev", -1), ("find-next", 0)):
        page.click(button)
        page.expect(f"a match by {button}", page.position(), wanted[match])
    page.enter("search", "at:0x0", "input")
    page.expect("a search for who changed an address", page.text("matches").split(" ")[0] != "0", True)
    page.enter("search", "", "input")
    page.click("last")


def try_zoom(page, scales):
    whole, halves = page.text("view"), set()
    page.expect("all is in view", whole.endswith("the whole machine"), True)
    for scale in scales:
        page.enter("scale", scale, "change")
        page.expect(f"all of it on the scale {scale}", page.text("view").endswith("the whole machine"), True)
        page.click("zoom-in")
        halves.add(page.text("view"))
        page.enter("address", "0x100000", "change")
        page.enter("goto", "", "submit")
        page.expect(f"what is at an address, {scale}", "At 0x100000 (1 MiB)" in page.text("pick"), True)
        page.click("zoom-in", 60)
        start, end = (int(n, 16) for n in page.text("view").split(": ")[1].split(",")[0].split("-"))
        page.expect(f"a page is the least, {scale}", 4096 <= end - start + 1 <= 4 * 4096, True)
        page.click("zoom-all")
    page.expect("the middle is another on each scale", len(halves), len(scales))


def try_places(page):
    run = page.data["runs"][0]
    known = [p for p in run["places"] if p[8] is not None and p[7]]
    page.expect("every place of an allocation is explained", len(known), len([p for p in run["places"] if p[7]]))
    call = next((p for p in known if p[11]), known[0])
    page.enter("number", call[0] + 1, "change")
    page.expect("why it is there", hex(call[7]) in page.text("call") and "Why there" in page.text("call"), True)
    page.expect("what was passed over", len(page.texts("#call ul li")), len(call[11]))


def what_is(state, kind, address):
    """Node and flags of the region that an address is in, or None."""
    return next((row[2:] for row in state[kind] if row[0] <= address < row[0] + row[1]), None)


def try_address(page):
    """What is at an address in memory that somebody has, and which calls changed it."""
    data, run = page.data, page.data["runs"][0]
    states = [rows_after(run, calls) for calls in range(page.moments() + 1)]
    owner = next(o for o in sorted(data["owners"]) if not o[5] and o[2] >= 0 and o[3] >= 0 and
                 all(what_is(states[-1], kind, o[0]) for kind in (1, 2)))
    page.enter("address", hex(owner[0]), "change")
    page.enter("goto", "", "submit")
    told = {row[0]: row[1] for row in page.rows("#pick")}
    holder = next(o for o in sorted(data["owners"], key=lambda o: o[0]) if not o[5] and o[0] <= owner[0] < o[0] + o[1])
    page.expect("what an address is for", told["for"], ", by ".join(
        data["owner_texts"][i] if i >= 0 else "unknown" for i in holder[2:4]))
    frame = owner[0] // (data["boot"]["page_size"] if "boot" in data else data["page_size"])
    page.expect("its zone", told.get("zone"), next((
        f"{zone['name']} of node {zone['node']}" for zone in (data["boot"]["zones"] if "boot" in data else data["zones"])
        if 0 <= frame - zone["start_pfn"] < zone["spanned_pages"]), None))
    words = [f[3] for f in data["firmware"] if f[0] <= owner[0] < f[0] + f[1]]
    page.expect("what the firmware says of it", told.get("firmware", "").startswith(words[-1] if words else ""), True)
    touched = sum(any(what_is(a, kind, owner[0]) != what_is(b, kind, owner[0]) for kind in (1, 2, 3))
                  for a, b in zip(states, states[1:]))
    page.expect("the region in the list", [data["owner_texts"][owner[2]] in row[6] for row in page.cells("#regions .row")
                                           if row[0] == "reserved" and int(row[1], 16) <= owner[0] <= int(row[2], 16)],
                [True])
    call = next(i for i, (a, b) in enumerate(zip(states, states[1:]))
                if not what_is(a, 2, owner[0]) and what_is(b, 2, owner[0]))
    page.enter("number", call + 1, "change")
    told = page.rows("#call")
    page.expect("a call that reserved something: what for", any(row[0] == "for" for row in told), True)
    page.expect("and what it changed", ["reserved", "added"] in [row[:2] for row in told], True)
    page.click("last")
    page.enter("search", "at:" + hex(owner[0]), "input")
    page.expect("calls that changed it", page.text("matches").split(" ")[0], str(touched))
    page.enter("search", "", "input")
    # where two regions meet, the second begins
    border = next((b for a, b in zip(states[-1][1], states[-1][1][1:]) if a[0] + a[1] == b[0] and a[3] != b[3]), None)
    if border:
        page.enter("address", hex(border[0]), "change")
        page.enter("goto", "", "submit")
        page.expect("the node at a border", f"node {border[3]}, flags" in dict(page.rows("#pick"))["memory"], True)
    page.enter("address", "0.5G", "change")
    page.enter("goto", "", "submit")
    page.expect("an address in gigabytes", "At 0x20000000 (512 MiB)" in page.text("pick"), True)
    page.enter("address", "here", "change")
    page.enter("goto", "", "submit")
    page.expect("no address", page.text("pick"), '"here" is not an address.')
    page.click("zoom-all")


def try_keys(page):
    """Keys, the next change, the view that follows it, and play, which ends by itself."""
    changes = page.data["runs"][0]["calls"]["changes"]
    press = ("document.getElementById(arguments[0])"
             ".dispatchEvent(new KeyboardEvent('keydown', { key: arguments[1], bubbles: true }))")
    idle = next(call for call in range(1, len(changes)) if not changes[call])
    change = next(call for call in range(idle, len(changes)) if changes[call])
    for key, moment in (("Home", 0), (".", 1), (",", 0), ("End", page.moments())):
        page.act(press, "timeline", key)
        page.expect(f"the key {key}", page.position(), moment)
    page.enter("number", idle, "change")
    page.act(press, "search", "n")
    page.expect("a key in a field is text", page.position(), idle)
    page.act(press, "timeline", "n")
    page.expect("the next change", page.position(), change + 1)
    page.expect("the view stays", page.text("view").endswith("the whole machine"), True)
    page.act("document.getElementById('follow').click()")
    page.click("prev")
    page.act(press, "timeline", "n")
    page.expect("unless it follows", page.text("view").endswith("the whole machine"), False)
    page.act("document.getElementById('follow').click()")
    page.click("zoom-all")
    page.enter("speed", "5000", "change")
    page.expect("it plays", page.read(
        "const play = document.getElementById('play'); document.getElementById('first').click(); play.click();"
        "return play.textContent"), "❚❚ Pause")
    page.browser.execute_async_script(
        "const done = arguments[0], play = document.getElementById('play');"
        "const look = (left) => play.textContent === '▶ Play' || !left ? done() : setTimeout(look, 50, left - 1);"
        "look(400)")
    page.expect("and stops at the end", (page.text("play"), page.position()), ("▶ Play", page.moments()))


def try_colours(page):
    """The map and its legend: what there is has its colour."""
    run, data = page.data["runs"][0], page.data
    adding = next(call for call in range(page.moments() // 2, page.moments())
                  if total(rows_after(run, call)[2]) < total(rows_after(run, call + 1)[2]))
    page.enter("number", adding + 1, "change")
    missing = page.read(
        "const map = document.getElementById('map'), all = new Set(), style = getComputedStyle(document.documentElement);"
        "const p = map.getContext('2d').getImageData(0, 0, map.width, map.height).data;"
        "for (let i = 0; i < p.length; i += 4) all.add('#' + [p[i], p[i + 1], p[i + 2]]"
        ".map((v) => v.toString(16).padStart(2, '0')).join(''));"
        "return arguments[0].filter((name) => !all.has(style.getPropertyValue('--' + name).trim()))",
        ["back", "hole", "memory", "reserved", "added", "f-ram"])
    page.expect("colours that are not in the map", missing, [])
    sums = {}
    for owner in data["owners"]:
        sums[owner[2]] = sums.get(owner[2], 0) + owner[1]
    told = page.texts("#legend li")
    most = max((i for i in sums if i >= 0), key=sums.get)
    page.expect("the legend", f"{data['owner_texts'][most]}, {size(sums[most])}" in told, True)
    page.click("last")


def size(number):
    """Bytes as the page has them."""
    value, unit = Decimal(number), 0
    while value >= 1024 and unit < 6:
        value, unit = value / 1024, unit + 1
    if value != value.to_integral():
        value = value.quantize(Decimal("0.01" if value < 10 else "0.1"), ROUND_HALF_UP)
    return f"{value} {('B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB')[unit]}"


def try_curves(page):
    """What the curves are at a moment, in words."""
    run, moment = page.data["runs"][0], page.moments() // 2
    state = rows_after(run, moment)
    page.enter("slider", moment, "input")
    memory, reserved = size(total(state[1])), size(total(state[2]))
    room = [most for call, kind, most in run["room"] if kind == 2 and call < moment]
    page.expect("what the curves are", page.texts("#curve-legend li"),
                [f"memory: {memory}", f"reserved: {reserved}", f"regions reserved: {len(state[2]):,}",
                 f"room for: {room[-1] if room else 0:,}"])
    page.click("last")


def try_lists(page):
    """The list of calls, by click and key, and what is told of a call."""
    run = page.data["runs"][0]
    calls, words = run["calls"], run["words"]
    page.enter("number", 1, "change")
    page.act("document.getElementById('calls-2').click()")
    page.expect("a click on a call", page.position(), 3)
    page.act("document.getElementById('calls').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown' }))")
    page.expect("a key in the list", page.position(), 4)
    call, first, lines = next(c for c in run["call_lines"] if calls["arg_names"][c[0]] >= 0 and calls["result"][c[0]])
    page.enter("number", call + 1, "change")
    page.expect("the call in the list", page.cells("#calls .row[aria-selected=true]"), [
        [f"{call + 1:,}", str(calls["line"][call] or ""), words[calls["name"][call]], calls["args"][call],
         calls["result"][call], words[calls["caller"][call]] if calls["caller"][call] >= 0 else ""]])
    names = words[calls["arg_names"][call]].split()
    page.expect("its arguments", [[row[0], row[1].split(" ")[0]] for row in page.rows("#call")[:len(names)]],
                [list(pair) for pair in zip(names, calls["args"][call].split())])
    page.expect("the kernel's log during it", page.texts("#call pre"), ["\n".join(run["lines"][first:first + lines])])
    page.click("last")


def try_tables(page):
    """What does not move with the calls."""
    data = page.data
    result = data[data["kind"]]
    good = result["equal"] if page.data["kind"] == "diff" else result["holds"]
    page.expect("the verdict is marked", page.read("return document.getElementById('verdict').className"),
                "good" if good else "bad")
    zones = [z for z in result.get("zones", data.get("zones", [])) if z["spanned_pages"]]
    page.expect("zones", [row[:2] + [row[6].split(" ")[0]] for row in page.rows("#handover-body")[:len(zones)]],
                [[str(z["node"]), z["name"], f"{z['free_pages']:,}"] for z in zones])
    page.expect("free blocks", [row[2:] for row in page.rows("#handover-body")[len(zones):2 * len(zones)]],
                [[f"{nr:,}" if nr else "·" for nr in z["free_blocks"]] for z in zones])
    checks = (result.get("handover") or result).get("checks") or {"findings": [], "made": None}
    page.expect("checks", page.texts("#handover-body .good")[-1:] if checks["made"] and not checks["findings"] else [],
                [f"All {checks['made']:,} checks hold."] if checks["made"] and not checks["findings"] else [])
    account = [item["what"] for item in result.get("account", [])] or [g["name"] for g in result.get("groups", [])
                                                                       if "name" in g]
    page.expect("the account", [row[0] for row in page.rows("#account-body")], account)
    if data["kind"] == "replay":
        allocations = result["allocations"]
        page.expect("where allocations are", page.text("differences-body").startswith(
            f"{allocations['identical']:,} of {allocations['all']:,} allocation"), True)
    page.expect("the kernel's log", page.texts("#notes-body pre"),
                ["\n".join(run["lines"]) for run in data["runs"] if run["lines"]])


def try_pairs(page):
    """A comparison: what differs is told, call by call and in all."""
    pairs, runs, groups = page.data["pairs"], page.data["runs"], page.data["diff"]["groups"]
    kinds = pairs[2::3]
    page.expect("groups of calls", [row[0] for row in page.rows("#differences-body")[:len(groups)]],
                [f"{group['calls']:,}" for group in groups])
    different = next((i for i, bits in enumerate(kinds) if bits), 0)
    page.enter("number", different + 1, "change")
    words = ", ".join(name for bit, name in enumerate(page.data["kinds"]) if kinds[different] >> bit & 1)
    page.expect("what differs in a call", page.text("call").startswith(
        f"Differs in: {words}" if words else "The same on both sides"), True)
    done = [sum(call >= 0 for call in pairs[side:3 * different + 3:3]) for side in (0, 1)]
    states = [rows_after(run, calls) for run, calls in zip(runs, done)]
    page.expect("regions of both", page.text("regions-count").replace(",", ""),
                str(sum(len(rows) for state in states for rows in state.values())))
    page.act("document.getElementById('only-different').click()")
    page.expect("calls that differ", page.text("matches").split(" ")[0].replace(",", ""), str(sum(map(bool, kinds))))
    page.act("document.getElementById('only-different').click()")
    page.click("last")


def messages(browser):
    bad = [entry["message"] for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] != "Network.requestWillBeSent":
            continue
        url = message["params"]["request"]["url"]
        if not url.startswith(("file://", "data:")):
            bad.append(f"asked for {url}")
    return bad


def main():
    # Drawing is most of what this costs: the window is small, and each thing is tried where it may go wrong.
    with open_browser(900, 700) as browser:
        for number, path in enumerate(sys.argv[1:]):
            page = Page(browser, path)
            page.expect("it is drawn", page.read("return document.documentElement.dataset.ready"), "true")
            page.expect("the data has a version", page.data["version"], 1)
            page.expect("the title", page.text("title"), page.data["title"])
            if page.data["kind"] == "boot":
                page.expect("a command line is a text", page.data["boot"]["cmdline"] in page.text("subtitle"), True)
            if page.data["kind"] != "diff":
                try_moments(page)
                try_places(page)
                try_search(page)
                if number < 2:
                    try_address(page)
            else:
                try_pairs(page)
            if number == 0:
                try_folded(page)
                try_colours(page)
                try_keys(page)
                try_curves(page)
                try_lists(page)
            try_tables(page)
            try_zoom(page, SCALES if number == 0 else SCALES[number % 3:][:1])
            page.expect("nothing ran that is not the page's", page.read("return typeof window.planted"), "undefined")
            page.expect("no error, and nothing from a network", messages(browser), [])


main()
