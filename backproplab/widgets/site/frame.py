"""What every page of a site has: its head, the switch between light and dark, and the promise that it asks nobody for anything."""
from __future__ import annotations

import html

from ..hosting import in_script
from ..modules import script, style

# The browser keeps the promise: whatever a lesson holds, nothing is fetched from anywhere.
POLICY = ("default-src 'none'; script-src 'unsafe-inline' blob:; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data:; "
          "base-uri 'none'; form-action 'none'")

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{head}<style>
{style}
</style>
<script>
{early}</script>
</head>
<body>
{outlines}<header class="bs-head">{way}<button type="button" class="bs-theme" hidden>Dark</button></header>
<main>
{body}
</main>
<footer class="bs-foot">{foot}</footer>
{scripts}</body>
</html>
"""


def page(title: str, body: str, *, way: str, foot: str, head: str = "", sheets: str = "", outlines: str = "", scripts: str = "") -> str:
    """A whole page.

    Parameters
    ----------
    title : str
        Plain text.
    body, way, foot : str
        HTML: what the page is about, where one is, what comes after.
    head, sheets, outlines, scripts : str
        Further elements of the head, further style, the outlines of formulas, and the widgets' scripts.
    """
    return _PAGE.format(policy=POLICY, title=html.escape(title), head=head, style=style("site.css") + "\n" + sheets,
                        early=in_script(script("site.js")), outlines=outlines, way=way, body=body, foot=foot, scripts=scripts)
