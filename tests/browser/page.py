#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""page.py PAGE...: opens pages of --html in a browser, works with them as a reader does, and holds what they
show against the data that is in them. Prints `ok TEXT` or `not ok TEXT: why` for each expectation."""
import json
import os
import sys

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
                         ".map((r) => r.children[1].textContent)")

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


def starts(state):
    """Where the first regions of the list are, as it has them."""
    return [hex(row[0]) for row in (state[1] + state[2])[:3]]


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
    wanted = sum("memblock_reserve" in " ".join((word, args)) or "memblock_reserve" in
                 (run["words"][caller] if caller >= 0 else "")
                 for word, args, caller in zip(words, run["calls"]["args"], run["calls"]["caller"]))
    page.expect("a search", page.text("matches").split(" ")[0], str(wanted))
    page.click("find-next")
    page.expect("the next match", "memblock_reserve" in page.text("call"), True)
    page.enter("search", "at:0x0", "input")
    page.expect("a search for who changed an address", page.text("matches").split(" ")[0] != "0", True)
    page.enter("search", "", "input")
    page.click("last")


def try_zoom(page, scales):
    whole = page.text("view")
    page.expect("all is in view", whole.endswith("the whole machine"), True)
    for scale in scales:
        page.enter("scale", scale, "change")
        page.expect(f"all of it on the scale {scale}", page.text("view").endswith("the whole machine"), True)
        page.enter("address", "0x100000", "change")
        page.enter("goto", "", "submit")
        page.expect(f"what is at an address, {scale}", "At 0x100000 (1 MiB)" in page.text("pick"), True)
        page.click("zoom-in", 60)
        start, end = (int(n, 16) for n in page.text("view").split(": ")[1].split(",")[0].split("-"))
        page.expect(f"a page is the least, {scale}", 4096 <= end - start + 1 <= 4 * 4096, True)
        page.click("zoom-all")


def try_places(page):
    run = page.data["runs"][0]
    known = [p for p in run["places"] if p[8] is not None and p[7]]
    page.expect("every place of an allocation is explained", len(known), len([p for p in run["places"] if p[7]]))
    call = next((p for p in known if p[11]), known[0])
    page.enter("number", call[0] + 1, "change")
    page.expect("why it is there", hex(call[7]) in page.text("call") and "Why there" in page.text("call"), True)


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
            if number == 0:
                try_folded(page)
            try_zoom(page, SCALES if number == 0 else SCALES[number % 3:][:1])
            page.expect("nothing ran that is not the page's", page.read("return typeof window.planted"), "undefined")
            page.expect("no error, and nothing from a network", messages(browser), [])


main()
