"""The report's page in headless Chromium: its size, and the browser's own figures of the time it takes.

    python -m benchmarks.page OUT/report/index.html [--rounds 5]

`Drawn` is the time from the start of the navigation until the scripts have drawn the charts. `Slider` is the time from
a change of a limit until every source is counted again, the median over all sliders.
"""

import argparse
import shutil
import statistics
import tempfile
from pathlib import Path

from selenium import webdriver

QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
)

TIMES = """
    const [page] = performance.getEntriesByType("navigation");
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    const sliders = [...document.querySelectorAll("input[type=range]")].map((slider) => {
        const began = performance.now();
        slider.stepUp(); slider.dispatchEvent(new Event("input"));
        return performance.now() - began;
    }).sort((a, b) => a - b);
    return {paint: paint ? paint.startTime : NaN, read: page.domInteractive, drawn: page.domContentLoadedEventEnd,
        loaded: page.loadEventEnd, slider: sliders[sliders.length >> 1] ?? NaN,
        elements: document.querySelectorAll("*").length};
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    with tempfile.TemporaryDirectory() as profile:
        for argument in (*QUIET, f"--user-data-dir={profile}"):
            options.add_argument(argument)
        driver = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
        rounds = []
        for _ in range(given.rounds):
            driver.get(given.page.resolve().as_uri())
            rounds.append(driver.execute_script(TIMES))
        driver.quit()
    print(f"{given.page.stat().st_size / 1e6:.2f} MB, {rounds[0]['elements']:,} elements")
    for name in ("paint", "read", "drawn", "loaded", "slider"):
        times = [one[name] for one in rounds]
        print(
            f"{name:7} {statistics.median(times):8.1f} ms (of {given.rounds}: {min(times):.1f} to {max(times):.1f})"
        )


if __name__ == "__main__":
    main()
