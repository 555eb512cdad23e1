"""FAQ pages and Parquet files."""

from __future__ import annotations

import json

import pytest

from augmentor.errors import DataError
from augmentor.examples import Example, Message

PAGE = """# Help

Welcome! Any questions?

## Orders

### Where is my parcel?

Look under **Orders**.

```
# is this a heading?
```

### When do you ship? ###
### Can I cancel?
Within an hour.
## Money
**Q1: Do you take cash?**
A: No.
Cards only.
"""


def test_headings_that_ask_are_questions_and_what_stands_below_is_the_answer(given):
    found = given(PAGE, "help.md")
    assert found.format == "faq"
    assert [(example.label, example.question, example.answer) for example in found.examples] == [
        ("Orders", "Where is my parcel?", "Look under **Orders**.\n\n```\n# is this a heading?\n```"),
        ("Orders", "Can I cancel?", "Within an hour."),
        ("Money", "Do you take cash?", "No.\nCards only."),
    ]
    assert [(item.line, item.reason) for item in found.problems] == [(15, "no answer stands below the question")]


def test_a_written_faq_page_is_read_the_same(rewritten):
    examples = [
        Example(id=str(n), messages=(Message(role="user", content=f"Why {n}?"), Message(role="assistant", content="So.\n\nMore.")))
        for n in (1, 2)
    ]
    assert [example.messages for example in rewritten(examples, "faq", ".md").examples] == [example.messages for example in examples]


def test_a_page_refuses_what_would_be_read_otherwise(formats):
    with pytest.raises(DataError, match="Use --to csv"):
        list(
            formats["faq"].write(
                [Example(id="1", messages=(Message(role="user", content="Why?"), Message(role="assistant", content="# So")))]
            )
        )


def test_prose_is_no_faq(shared_data, read):
    with pytest.raises(DataError, match="running text"):
        read(shared_data / "encodings/sample-french.txt")


def test_a_written_parquet_file_is_read_the_same(rewritten):
    pytest.importorskip("pyarrow")
    turns = (Message(role="system", content="Be kind."), Message(role="user", content="a"), Message(role="assistant", content="b"))
    examples = [Example(id=str(number), messages=turns, label="x") for number in range(2_500)]
    assert rewritten(examples, "parquet", ".parquet").examples == examples


def test_conversations_in_parquet_are_read_by_their_shape(tmp_path, read):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    path = tmp_path / "chats.parquet"
    rows = [
        {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}], "topic": "t"},
        {"messages": [], "topic": "u"},
    ]
    pq.write_table(pa.Table.from_pylist(rows), path)
    found = read(path, label="topic")
    assert [(example.answer, example.label) for example in found.examples] == [("b", "t")]
    assert [(item.line, item.reason) for item in found.problems] == [(2, "it has no turns")]
    assert json.loads(found.problems[0].raw)["topic"] == "u"
