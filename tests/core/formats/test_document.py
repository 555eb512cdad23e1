import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentor.errors import DataError
from augmentor.examples import Example
from augmentor.formats import read_examples
from augmentor.formats.document import Document, html_text, passages
from augmentor.plugins import plugins
from augmentor.protocols import Columns

GUIDE = """# Kettle K2

A kettle for one and a half litres of water.

## Cleaning

Descale it every three months with citric acid.

```
# no heading in code
```

### Filter

Take the filter out and rinse it under the tap once a week.
"""


def read(path):
    return list(read_examples(path, "document", formats=dict(plugins_formats())))


def plugins_formats():
    registry = plugins()["format"]
    return {name: registry.make(name) for name in registry.names()}


def test_passages_are_cut_at_headings_and_know_where_they_stand(tmp_path):
    path = tmp_path / "guide.md"
    path.write_text(GUIDE)
    found = read(path)
    assert [example.meta["heading"] for example in found] == ["Kettle K2", "Kettle K2 > Cleaning", "Kettle K2 > Cleaning > Filter"]
    for example in found:
        passage, offset = example.meta["passage"], example.meta["offset"]
        assert GUIDE[offset : offset + len(passage)] == passage == example.messages[0].text
        assert example.meta["document"] == "guide.md"
        assert example.question == example.answer == ""


def test_a_page_is_read_as_people_see_it(tmp_path):
    source = """<!doctype html><html><head><title>T</title><style>p {}</style></head><body><nav><a href=x>Home</a></nav>
    <h1>Returns</h1><p>Send it back within&nbsp;30 <b>days</b>.</p><script>var p = "<p>";</script>
    <h2>How</h2><ul><li>Print the label<li>Bring the parcel to a shop of ours &amp; wait</ul><footer>2026</footer></body>"""
    text = html_text(source)
    assert "Home" not in text
    assert "var" not in text
    assert "2026" not in text
    path = tmp_path / "page.html"
    path.write_text(source)
    first = next(iter(Document(least=1).read(path, Columns())))
    assert first.messages[0].text == "Send it back within 30 days."
    assert "- Bring the parcel to a shop of ours & wait" in text


def test_a_head_that_is_not_closed_hides_nothing():
    assert html_text("<html><head><title>x</title><body><p>Seen") == "Seen"


def test_plain_text_has_no_headings(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("# 12 is a number of a house, and this is a line that is long enough.\n")
    (only,) = read(path)
    assert only.meta["heading"] == ""


@given(st.text(alphabet="ab .\n#", max_size=400), st.integers(5, 60))
def test_every_passage_stands_where_it_says_and_nothing_is_lost(text, most):
    found = list(passages(text, most, marked=False))
    assert all(text[offset : offset + len(passage)] == passage and len(passage) <= most for _, offset, passage in found)
    assert "".join("".join(passage for _, _, passage in found).split()) == "".join(text.split())


def test_running_text_is_a_document_only_where_somebody_says_so(tmp_path):
    path = tmp_path / "guide.txt"
    path.write_text("This is running text, and nobody asked anything in it at all.")
    with pytest.raises(DataError, match="no rows that any format knows"):
        read_examples(path, formats=plugins_formats())


def test_documents_are_only_read():
    with pytest.raises(DataError, match="only read"):
        list(Document().write([Example(id="a", messages=())]))
