"""The page that lays a readable and a fast program side by side shows what the package prints."""
from tests.fast.page import PAGE, page, program


def test_the_page_is_what_is_printed_now():
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.fast.page"


def test_every_name_that_is_explained_is_there():
    text, fast = page(), program().fast_source
    for piece in ("np.dot(X, W1, out=buf1)", "np.dot(ones8, g", "elsewhere", "h_T"):
        assert piece in text and piece in fast
    assert "{" not in text.replace("{\"W1\"", "").replace("{'W1'", "")
