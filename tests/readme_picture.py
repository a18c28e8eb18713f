"""Makes the picture in README.md: the stepper at the fork of the e^{xz} example.

    python -m tests.readme_picture
"""
from __future__ import annotations

import tempfile
from pathlib import Path

import backproplab as bl
from tests import browser as driving
from tests.worked_example import example

PICTURE = Path(__file__).resolve().parent.parent / "notebooks" / "images" / "stepper.png"


def main() -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        saved = bl.save_html(bl.stepper(example, x=2.0, z=3.0, step=15), Path(place) / "page.html")
        browser = playwright.chromium.launch(executable_path=driving.chromium(), args=driving.FLAGS)
        page = browser.new_page(viewport={"width": 1100, "height": 700}, device_scale_factor=1.5, reduced_motion="reduce", color_scheme="light")
        page.goto(saved.as_uri())
        PICTURE.parent.mkdir(exist_ok=True)
        page.locator(".bp-stepper").screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
