"""Whole files: what is read, what is refused and why; hostile ones too."""

from __future__ import annotations

import json
import runpy
import sys
import tracemalloc
from itertools import islice

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from augmentor.errors import AugmentorError, DataError
from augmentor.examples import Example, decode, encode
from augmentor.formats import augmentor_register_formats, quarantine_lines, read_examples
from augmentor.formats.encodings import legacy, unicode_encoding
from augmentor.formats.first_row import first_row
from augmentor.formats.json_row import depth
from augmentor.protocols import Problem

FORMATS = {}
augmentor_register_formats(lambda component, name: FORMATS.setdefault(name, component()))
CHAT = {"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]}
LINE = json.dumps(CHAT)


def test_every_format_says_its_name_and_how_sure_it_is(formats, tmp_path):
    assert all(known.name == name and known.suffixes for name, known in formats.items())
    assert all(known.detect(b"", tmp_path / "x") == 0 for known in formats.values())


@pytest.mark.parametrize(
    ("content", "count"),
    [
        (f"{LINE}\n{LINE}", 2),
        (f"\n\n{LINE}\n \n{LINE}\r\n", 2),
        (f"[{LINE}, {LINE}]", 2),
        (json.dumps([CHAT, CHAT, CHAT], indent=2), 3),
        (json.dumps(CHAT, indent=2), 1),
        (LINE, 1),
        (json.dumps({"version": 1, "data": [CHAT, CHAT]}), 2),
        (json.dumps({"faqs": [{"question": "a", "answer": "b"}], "source": "x"}, indent=1), 1),
        ('{"data": [\n' + ",\n".join([LINE] * 3) + "\n]}", 3),
        (json.dumps({"conversations": [CHAT, CHAT]}), 2),
        (f"// made by hand\n{LINE}\n{LINE}\n", 2),
    ],
)
@pytest.mark.parametrize("name", ["data.json", "data.jsonl", "data"])
def test_rows_are_found_in_lines_arrays_and_wrapped_lists(given, content, count, name):
    found = given(content, name)
    assert len(found.examples) == count
    assert all(example.answer for example in found.examples)


def test_a_list_longer_than_the_first_bytes_is_known_by_its_first_row(given):
    long = {"messages": [{"role": "user", "content": "x" * 100_000}, {"role": "assistant", "content": "ok"}]}
    for content in (json.dumps([long, CHAT]), json.dumps({"rows": [long, CHAT]}), f"{json.dumps(long)}\n{LINE}\n"):
        found = given(content, "data.json")
        assert (found.format, len(found.examples)) == ("openai", 2)


def test_problems_in_an_array_have_the_line_their_row_begins_on(given):
    found = given("[\n" + LINE + ",\n\n {\n 'x'".replace("'", '"') + ': 1}, 5,\n{"messages": 5}]', "data.json")
    assert [(item.line, item.reason) for item in found.problems] == [
        (4, "row 2: it has no 'messages'"),
        (5, "row 3: a number where an object was expected"),
        (6, "row 4: the turns are a number, not a list"),
    ]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.jsonl", "is empty"),
        (b" \n\n ", "a.jsonl", "nothing but white space"),
        (b"\x1f\x8b\x08rest", "a.jsonl.gz", "gunzip"),
        (b"PK\x03\x04rest", "a.xlsx", "save a workbook as CSV"),
        (b"%PDF-1.7", "a.csv", "a PDF"),
        (bytes(range(256)) * 20, "a.bin", "is binary"),
        (b'["one", "two"]', "a.json", "no rows that any format knows"),
        (b'{"name": "app", "version": "1", "scripts": {"a": "b"}}', "package.json", "no rows"),
        (b'{"a": [{"x": 1}], "b": [{"y": 2}]}', "a.json", "several lists ('a', 'b')"),
        (b"Dear diary, today it rained.\nTomorrow too.\n", "a.txt", "running text"),
        (f"[{LINE}, {LINE[:-5]}".encode(), "a.json", "line 1, column"),
        (f"{LINE}{LINE}\n".encode(), "a.jsonl", "trailing characters"),
        (b"[" * 100_000, "a.json", "JSON"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "a.jsonl", "nested too deeply"),
        (b'{"x": 1}\n{"x": 2}\n', "a.jsonl", "no column is plainly the question. Its columns: 'x'"),
        (b'{"messages": []}\n{"messages": 1}\n', "a.jsonl", "none of its 2 rows"),
        (b"question,answer\n", "a.csv", "holds no rows"),
        (b"PAR1 and then nothing", "a.parquet", "cannot be read as Parquet"),
    ],
)
def test_what_is_no_data_set_is_refused_by_name_with_the_reason(given, content, name, words):
    with pytest.raises(DataError) as refused:
        given(content, name)
    assert words in str(refused.value)
    assert name in str(refused.value)


def test_a_directory_and_a_missing_file_are_refused(read, tmp_path):
    with pytest.raises(DataError, match="is a directory"):
        read(tmp_path)
    with pytest.raises(DataError, match="is not there"):
        read(tmp_path / "x.jsonl")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (LINE[:40].encode(), "cut off before its end"),
        (LINE.replace("hello", "\\ud800").encode(), "half of a surrogate pair"),
        (LINE.encode().replace(b"hello", b"he\xffllo"), "not UTF-8 (0xff)"),
        (LINE.replace("hello", "\\u0000").encode(), "NUL"),
        (b'{"messages": NaN}', "not JSON: invalid character (column 14)"),
        (b'{"a": 1, "messages": [], "a": 2}', "the key 'a' is there twice"),
        (b'{"messages": ' + b"[" * 300 + b"]" * 300 + b"}", "nested more than 100 levels deep"),
        (b'{"messages": 1e999}', "not JSON"),
        (b'"text"', "a text where an object was expected"),
        (b"\x00" * 20, "not JSON"),
    ],
)
def test_a_bad_line_is_quarantined_with_its_number_and_costs_no_other(given, row, reason):
    found = given(LINE.encode() + b"\n" + row + b"\n" + LINE.encode())
    assert len(found.examples) == 2
    assert [item.line for item in found.problems] == [2]
    assert reason in found.problems[0].reason
    [line] = quarantine_lines(found.problems)
    assert json.loads(line)["line"] == 2


def test_a_long_bad_row_is_kept_to_two_thousand_characters(given):
    found = given(f"{LINE}\n" + '{"messages": "' + "é" * 5_000 + '"}\n')
    assert len(found.problems[0].raw) == 2_000


def test_only_a_line_feed_ends_a_line(given):
    text = "a\u2028b\u2029c\x85d"
    found = given((json.dumps({**CHAT, "note": text}, ensure_ascii=False) + "\n") * 2)
    assert [example.meta["note"] for example in found.examples] == [text, text]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_unicode_encodings_are_told_by_mark_or_zero_bytes(given, encoding):
    assert len(given(f"{LINE}\n{LINE}\n".encode(encoding)).examples) == 2
    assert len(given(json.dumps([CHAT, CHAT], indent=1).encode(encoding), "a.json").examples) == 2


def test_the_shared_encoding_samples_are_told(shared_data):
    folder = shared_data / "encodings"
    assert unicode_encoding((folder / "sample-english.bom.txt").read_bytes()) == "utf-8-sig"
    for name, expected in (("arabic-1", "cp1256"), ("greek", "cp1253"), ("hebrew-3", "cp1255")):
        assert legacy((folder / f"sample-{name}.txt").read_bytes()) == expected


def test_every_file_of_the_json_test_suite_is_read_or_refused(shared_data, read):
    paths = sorted((shared_data / "json_test_suite/test_parsing").glob("*.json"))
    assert len(paths) == 210
    for path in paths:
        with pytest.raises(DataError, match=path.name.replace("+", r"\+")):
            read(path)


def refusal(read, path):
    """What came of a file, and the error that refused it."""
    try:
        return read(path), None
    except DataError as error:
        return None, error


def test_hostile_files_come_to_what_their_manifest_allows(shared_data, tmp_path, read, monkeypatch):
    script = shared_data / "generated/make_hostile.py"
    monkeypatch.setattr(sys, "argv", [str(script), str(tmp_path), "--big-mib", "2"])
    runpy.run_path(str(script))
    for case in json.loads((tmp_path / "manifest.json").read_text()):
        may_be_refused = "reject" in case["may"] or case["may"] == "bad"
        found, refused = refusal(read, tmp_path / case["file"])
        if found is None:
            assert may_be_refused, case
            assert case["file"] in str(refused)
        elif found.problems:
            assert may_be_refused, case
            assert all(item.line and item.reason for item in found.problems), case
        else:
            assert f"rows:{len(found.examples)}" in case["may"].split("|"), case
        assert all(decode(encode(example)) == example for example in (found.examples if found else ())), case


def test_the_sample_data_is_read_and_its_two_bad_lines_are_located(repository, read):
    found = read(repository / "examples/support/chats.jsonl")
    assert (found.format, len(found.problems)) == ("openai", 2)
    assert all(example.label and example.meta["ticket"] for example in found.examples)


def test_reading_holds_no_list_of_the_rows(tmp_path, formats):
    path = tmp_path / "big.jsonl"
    row = json.dumps({"messages": [{"role": "user", "content": "x" * 4_000}, {"role": "assistant", "content": "ok"}]})
    path.write_text((row + "\n") * 3_000)
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_examples(path, formats=formats)) == 3_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < path.stat().st_size / 4


def test_nothing_is_passed_on_before_a_file_is_known_to_hold_an_example(tmp_path, formats):
    path = tmp_path / "late.jsonl"
    path.write_text('{"messages": []}\n' * 50 + LINE + "\n")
    items = list(islice(read_examples(path, formats=formats), 60))
    assert len(items) == 51
    assert isinstance(items[-1], Example)
    assert all(isinstance(item, Problem) for item in items[:-1])


def test_depth_is_counted_outside_strings():
    assert depth(b'{"a": "[[[\\"[[", "b": [[]]}') == 3


KEYS = st.sampled_from(
    [
        "messages",
        "conversations",
        "role",
        "from",
        "content",
        "value",
        "system",
        "user",
        "assistant",
        "human",
        "gpt",
        "instruction",
        "input",
        "output",
        "history",
        "chosen",
        "rejected",
        "prompt",
        "completion",
        "label",
        "id",
        "meta",
        "extra",
        "tools",
        "tool_calls",
        "function_call",
        "weight",
        "preferred_output",
        "non_preferred_output",
        "question",
        "answer",
        "text",
        "root",
        "scores",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | KEYS, inner, max_size=4),
    max_leaves=12,
)
ROWS = st.dictionaries(KEYS, JSON | st.lists(st.dictionaries(KEYS, JSON | KEYS, max_size=4), max_size=3), max_size=5)
BYTES = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(ROWS, max_size=4).map(lambda rows: "\n".join(map(json.dumps, rows)).encode()),
    st.lists(ROWS, max_size=4).map(lambda rows: json.dumps(rows).encode()),
    st.lists(st.lists(st.text(max_size=10), max_size=3).map(",".join), max_size=5).map(
        lambda lines: ("question,answer\n" + "\n".join(lines)).encode("utf-8", "replace")
    ),
)
NAMES = st.sampled_from(["a.jsonl", "a.json", "a.csv", "a.tsv", "a.parquet", "a.md", "a"])


@for_all(BYTES, NAMES, st.sampled_from(["auto", *FORMATS]))
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_bytes_are_examples_problems_or_a_data_error(tmp_path_factory, content, name, format):
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(content)
    first_row(content)
    try:
        items = list(read_examples(path, format, formats=FORMATS))
    except AugmentorError:
        return
    examples = [item for item in items if isinstance(item, Example)]
    assert examples
    assert len({example.id for example in examples}) == len(examples)
    for example in examples:
        again = decode(encode(example))
        assert (again.id, [message.text for message in again.messages]) == (example.id, [message.text for message in example.messages])
