# SPDX-License-Identifier: GPL-2.0-or-later
"""Debian's Chromium without a window, for tests/page.t and bench/page."""
import contextlib
import shutil

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-extensions", "--disable-component-update", "--disable-background-networking",
             "--disable-sync", "--hide-scrollbars", "--force-device-scale-factor=1")


@contextlib.contextmanager
def open_browser(width, height):
    """A browser that keeps what its console and its network say."""
    options = Options()
    options.binary_location = shutil.which("chromium")
    for argument in ARGUMENTS:
        options.add_argument(argument)
    options.add_argument(f"--window-size={width},{height}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
    try:
        browser.set_script_timeout(120)
        yield browser
    finally:
        browser.quit()
