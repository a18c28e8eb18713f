"""Scripts of widgets run by Node, without a page: for what computes and touches nothing."""
import json
import shutil
import subprocess

import pytest

from backproplab.widgets.modules import script
from tests.browser import browser_required


def run(entry, body, data, tmp_path):
    """The JSON that `body` prints: JavaScript after the script of `entry`, with `data` as a constant of that name.

    Skips where there is no Node, unless the browser tests may not skip either.
    """
    node = shutil.which("node")
    if node is None:
        if browser_required():
            pytest.fail("no Node found; on Debian: apt-get install nodejs")
        pytest.skip("no Node found; on Debian: apt-get install nodejs")
    path = tmp_path / "part.mjs"
    part = script(entry).replace("export default { render };", "")
    whole = (f'import {{ readFileSync }} from "node:fs";\n{part}\n'
             f'const data = JSON.parse(readFileSync(0, "utf8"));\n{body}\n')
    path.write_text(whole, encoding="utf-8")
    done = subprocess.run([node, str(path)], input=json.dumps(data), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
