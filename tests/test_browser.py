"""The browser tests' own tools: each notices what it is there to notice."""
from __future__ import annotations

import pytest

from tests import browser as driving


@pytest.mark.parametrize("url, outside", [
    ("http://127.0.0.1:8888/lab", False), ("ws://localhost:1/api", False), ("http://[::1]:2/", False), ("file:///page.html", False),
    ("data:image/png;base64,AA", False), ("blob:http://127.0.0.1/1", False), ("about:blank", False),
    ("https://example.org/x.js", True), ("wss://example.org/", True), ("http://127.0.0.1.example.org/", True),
])
def test_what_leaves_the_machine(url, outside):
    assert driving.is_outside(url) == outside


@pytest.mark.parametrize("value, required", [(None, False), ("", False), ("0", False), ("1", True)])
def test_a_missing_browser_may_be_a_failure(monkeypatch, value, required):
    monkeypatch.delenv("BACKPROPLAB_REQUIRE_BROWSER", raising=False)
    if value is not None:
        monkeypatch.setenv("BACKPROPLAB_REQUIRE_BROWSER", value)
    assert driving.browser_required() == required


def test_a_request_that_leaves_the_machine_is_noticed(browser):
    with pytest.raises(AssertionError, match="leave the machine.*example.invalid/x.png"), driving.watched_page(browser) as page:
        page.set_content("<img alt='' src='http://example.invalid/x.png'>")


def test_an_error_of_a_script_is_noticed(browser):
    with pytest.raises(AssertionError, match="errors in the page.*planted"), driving.watched_page(browser) as page:
        page.set_content("<script>throw new Error('planted')</script>")


def test_only_the_error_of_the_named_script_is_another_programs(browser, tmp_path):
    (tmp_path / "theirs.js").write_text("setTimeout(() => { throw new Error('theirs') }, 0)")
    (tmp_path / "page.html").write_text("<script src='theirs.js'></script>")
    with driving.watched_page(browser, "/theirs.js") as page:
        page.goto((tmp_path / "page.html").as_uri())
        page.wait_for_timeout(100)
    with pytest.raises(AssertionError, match="errors in the page.*ours"), driving.watched_page(browser, "/theirs.js") as page:
        page.goto((tmp_path / "page.html").as_uri())
        page.evaluate("setTimeout(() => { throw new Error('ours') }, 0)")
        page.wait_for_timeout(100)


def test_a_quiet_page_passes(page):
    page.set_content("<p>Nothing to see</p>")
    assert page.inner_text("p") == "Nothing to see"


GOOD = "<html lang='en'><title>t</title><main><h1>A</h1><button>Step</button></main></html>"


@pytest.mark.parametrize("planted, rule", [("<button></button>", "button-name"), ("<img src='data:,'>", "image-alt"),
                                           ("<p style='color: #bbb; background: #fff'>pale</p>", "color-contrast")])
def test_axe_finds_a_planted_violation_and_none_in_a_good_page(page, planted, rule):
    page.set_content(GOOD)
    assert driving.axe_violations(page) == []
    page.set_content(GOOD.replace("</main>", f"<div id='part'>{planted}</div></main>"))
    assert any(found.startswith(rule) for found in driving.axe_violations(page))
    assert any(found.startswith(rule) for found in driving.axe_violations(page, "#part"))


def test_jupyterlab_runs_a_notebook_and_its_traffic_and_errors_are_seen(page, lab_server):
    traffic = driving.KernelTraffic(page)
    driving.run_notebook(page, lab_server, "print(2 * 3)", "1 + 1")
    assert driving.cell_count(page) == 2
    sent = len(traffic.sent)
    assert sent > 0 and len(traffic.received) > sent
    driving.open_notebook(page, lab_server, lab_server.add("1 / 0"))
    assert driving.run_all(page) == ["ZeroDivisionError: division by zero"]
    driving.shut_kernel_down(page)


def test_a_theme_does_not_outlast_its_test(page, lab_server):
    driving.open_notebook(page, lab_server, lab_server.add("1"))
    driving.use_theme(page, dark=True)
    driving.open_notebook(page, lab_server, lab_server.add("2"))
    assert page.get_attribute("body", "data-jp-theme-light") == "true"
