"""The page for those who do not see it, or not well: Deque's axe-core over all of it, and what it cannot tell.

axe-core is no part of the project, and the tests that need it are skipped without it. It comes with

    npm pack axe-core@4.14.1 --pack-destination build && tar xzf build/axe-core-4.14.1.tgz -C build package/axe.min.js
"""

import itertools
import re
from pathlib import Path
from typing import Any

import pytest

from massivetext.pipeline.stages.report.page.environment import FOLDER
from tests.paths import ROOT
from tests.pipeline.stages.report.contrast import FUNCTIONS

AXE = ROOT / "build/package/axe.min.js"
RUN = """
    const done = arguments[arguments.length - 1], options = {resultTypes: ["violations"], ...arguments[0]};
    axe.run(document, options).then((found) => done(found.violations.map(
        (one) => [one.id, one.help, ...one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200))])));
"""


def open_whole(browser: Any, page: Path, width: int, scheme: str) -> None:
    """A page with everything unfolded."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    browser.get(page.resolve().as_uri())
    browser.execute_script(
        "openAll(); document.querySelectorAll('details').forEach((one) => { one.open = true; })"
    )


@pytest.mark.parametrize(
    ("width", "scheme", "options"),
    [
        (1200, "light", {}),
        (1200, "dark", {"runOnly": ["color-contrast"]}),
        (390, "light", {"runOnly": ["target-size", "scrollable-region-focusable"]}),
    ],
)
def test_axe_finds_nothing(
    browser: Any, finished: Path, width: int, scheme: str, options: dict[str, Any]
) -> None:
    if not AXE.exists():
        pytest.skip("needs axe-core: see the head of this file")
    open_whole(browser, finished / "report/index.html", width, scheme)
    browser.set_script_timeout(120)
    browser.execute_script(AXE.read_text())
    assert browser.execute_async_script(RUN, options) == []
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_headings_go_down_one_level_at_a_time(browser: Any, finished: Path, little: Path) -> None:
    for out in (finished, little):
        open_whole(browser, out / "report/index.html", 1200, "light")
        levels = browser.execute_script(
            "return [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((one) => Number(one.tagName[1]))"
        )
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_every_table_and_control_has_a_name(browser: Any, finished: Path) -> None:
    open_whole(browser, finished / "report/index.html", 1200, "light")
    tables, named, bare = browser.execute_script(
        """
        const tables = [...document.querySelectorAll("table")];
        return [tables.length, tables.filter((one) => one.caption && one.caption.textContent.trim()).length,
            [...document.querySelectorAll("th")].filter((one) => !one.scope).length];
        """
    )
    assert tables == named > 15
    assert bare == 0
    names = browser.execute_script(
        "return [...document.querySelectorAll('[role], nav, section, input')].map((one) => [one.tagName, "
        "one.ariaLabel ?? document.getElementById(one.getAttribute('aria-labelledby'))?.textContent])"
    )
    assert all(name for _, name in names)
    assert len({name for tag, name in names if tag in ("NAV", "SECTION", "DIV")}) == sum(
        tag in ("NAV", "SECTION", "DIV") for tag, _ in names
    )


STYLE = (FOLDER / "page.css").read_text()


def luminance(colour: str) -> float:
    digits = "".join(2 * sign for sign in colour) if len(colour) == 3 else colour
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", [0, 1])
def test_colours_of_charts_stand_out(scheme: int) -> None:
    """WCAG AA for graphics, and for the edges of controls: 3 to 1 against the ground."""
    found = {
        name: pair
        for name, *pair in re.findall(r"--([\w-]+): light-dark\(#(\w+), #(\w+)\)", STYLE)
        if name.startswith(("series-", "step-", "limit", "edge", "ground"))
    }
    ground = luminance(found.pop("ground")[scheme])
    assert len(found) > 25
    for name, pair in found.items():
        lighter, darker = sorted((luminance(pair[scheme]), ground), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 3, name


MATRIX = f"""
    {FUNCTIONS}
    const ink = getComputedStyle(document.querySelector("[data-chart=overlap] svg")).color;
    return [...document.querySelectorAll("[data-chart=overlap] rect")]
        .map((cell) => contrast(ink, getComputedStyle(cell).fill));
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_numbers_in_the_matrix_can_be_read(browser: Any, finished: Path, scheme: str) -> None:
    """WCAG AA for text: 4.5 to 1 against the colour of the cell."""
    open_whole(browser, finished / "report/index.html", 1200, scheme)
    found = browser.execute_script(MATRIX)
    assert len(found) > 100
    assert min(found) >= 4.5
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_print_is_on_white_and_whole(browser: Any, finished: Path) -> None:
    open_whole(browser, finished / "report/index.html", 1200, "dark")
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]},
    )
    ground, cut = browser.execute_script(
        """
        const style = (one) => getComputedStyle(one);
        const cut = [...document.querySelectorAll(".scroll, pre")].filter((one) =>
            (one.className === "scroll" && style(one).overflowX !== "visible") || style(one).maxHeight !== "none");
        return [getComputedStyle(document.body).backgroundColor, cut.length];
        """
    )
    assert (ground, cut) == ("rgb(255, 255, 255)", 0)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
