"""CSV and TSV: columns that are guessed, rows that are broken, cells that could be formulas."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from augmentor.errors import DataError, UnknownComponent, UsageError
from augmentor.examples import Example, Message
from augmentor.formats.table import Table, guarded, unguarded
from augmentor.protocols import Columns


def answered(question, answer, **more):
    return Example(id="1", messages=(Message(role="user", content=question), Message(role="assistant", content=answer)), **more)


def test_excels_faq_is_read_and_what_was_guessed_is_said(repository, read):
    found = read(repository / "examples/support/faq.csv")
    assert len(found.examples) == 64
    assert found.said[0].startswith("question = column 'Question', answer = column 'Answer', label = column 'Topic'")
    assert found.examples[0].label == "reset_password"
    assert found.examples[0].meta == {"Category": "Account", "Last updated": "2024-04-03"}


def test_intents_without_answers_become_questions_with_a_label(shared_data, read):
    found = read(shared_data / "banking77/train.csv")
    assert (len(found.examples), len(found.problems)) == (10_003, 0)
    assert len({example.label for example in found.examples}) == 77
    assert len({example.id for example in found.examples}) == 10_003
    assert all(len(example.messages) == 1 for example in found.examples)
    assert found.said == ["question = column 'text', label = column 'category', no answers"]


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        (
            "id,customer_question,agentReply",
            "1,Why?,So.",
            "question = column 'customer_question', answer = column 'agentReply', id = column 'id'",
        ),
        ("Frage;Antwort", "Warum?;Darum.", "question = column 'Frage', answer = column 'Antwort'"),
        (
            "prompt\tcompletion\tsystem",
            "a\tb\tBe kind.",
            "question = column 'prompt', answer = column 'completion', system = column 'system'",
        ),
        ("a|b", "It is sent the next day|When do you ship my parcel?", "question = column 'b', answer = column 'a'"),
        ("x,label", "where is my parcel now,shipping", "question = column 'x', label = column 'label', no answers"),
        ("输入,answer", "我的包裹现在到底在哪里呢,在路上", "question = column '输入', answer = column 'answer'"),
    ],
)
def test_columns_are_guessed_by_name_and_content(given, header, row, said):
    assert given(f"{header}\n{row}\n", "data.csv").said == [said]


def test_columns_that_are_told_are_not_guessed(given):
    found = given("question,answer,real\nA?,B,C\n", "data.csv", question="real", label="question")
    assert [message.text for message in found.only.messages] == ["C", "B"]
    assert found.only.label == "A?"


def test_a_table_without_a_question_names_its_columns_and_the_flag(given):
    with pytest.raises(DataError, match=r"'a', 'b', 'c'.*--columns question=NAME,answer=NAME,label=NAME"):
        given("a,b,c\n1,2,3\n", "data.csv")


def test_a_table_without_a_header_is_told_so(given):
    with pytest.raises(DataError, match="The first line reads like data"):
        given("Where is it?,On its way\nHow much?,Three\n", "data.csv")


def test_two_columns_that_could_be_the_answer_are_not_guessed(shared_data, read):
    with pytest.raises(DataError, match="'answer1' and 'answer2' could each be the answer"):
        read(shared_data / "data_juicer_samples/demo-dataset-annotation-human-preference.jsonl")


def test_a_column_that_is_not_there_is_wrong_usage(given):
    with pytest.raises(UsageError, match=r"no column 'q'.*'question', 'answer'"):
        given("question,answer\na,b\n", "data.csv", question="q")


def test_running_text_is_read_as_users_turns_and_that_is_said(shared_data, read):
    folder = shared_data / "data_juicer_samples"
    tables = [read(folder / f"demo-dataset.{suffix}") for suffix in ("csv", "parquet")]
    for table in tables:
        assert any("there is nothing to train on" in sentence for sentence in table.said)
        assert [example.messages for example in table.examples] == [example.messages for example in tables[0].examples]
        assert [example.id for example in table.examples] == [example.id for example in tables[0].examples]
        assert not any(example.answer for example in table.examples)


def test_rows_of_another_width_are_problems_with_their_line(given):
    found = given('question,answer\n"two\nlines",b\na,b,c\n\nd\ne,f,\n', "data.csv")
    assert [example.question for example in found.examples] == ["two\nlines", "e"]
    assert [(item.line, item.reason) for item in found.problems] == [
        (4, "3 cells where the first line names 2 columns"),
        (6, "1 cell where the first line names 2 columns"),
    ]


def test_an_empty_question_or_answer_is_a_problem(given):
    found = given("question,answer\na,b\n,b\na, \n", "data.csv")
    assert [item.reason for item in found.problems] == [
        "the question (column 'question') is empty",
        "the answer (column 'answer') is empty",
    ]


def test_a_quote_that_never_closes_is_located(given):
    found = given('question,answer\na,b\n"open,c\n' + "d,e\n" * 50, "data.csv")
    assert len(found.examples) == 1
    assert [item.line for item in found.problems] == [3]
    assert "never closed" in found.problems[0].reason


def test_a_broken_quote_costs_its_own_row_alone(given):
    found = given('question,answer\na,b\n"x"y,c\nd,e\n', "data.csv")
    assert [example.question for example in found.examples] == ["a", "d"]
    assert [item.line for item in found.problems] == [3]


def test_cells_may_be_longer_than_the_csv_modules_limit(given):
    assert len(given("question,answer\n" + "x" * 200_000 + ",ok\n", "data.csv").only.question) == 200_000


def test_one_row_of_bad_bytes_in_utf_8_is_a_problem_of_its_own(given):
    found = given("question,answer\nnaïve,é\n".encode() + b"caf\xe9,x\n" + "über,ö\n".encode(), "data.csv")
    assert len(found.examples) == 2
    assert (found.problems[0].line, found.problems[0].reason) == (3, "it has bytes that are not UTF-8")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Où est ma commande “n° 5” – s’il vous plaît?"),
        ("cp1250", "Jak mogę zwrócić produkt i kiedy dostanę zwrot pieniędzy? Mój kupon nie działa przy płatności."),
        ("cp1251", "Где мой заказ? Он не пришёл вовремя"),
        ("gb18030", "我的订单在哪里？请帮我查一下"),
        ("utf-16", "Wo bleibt meine Bestellung? Größe ändern"),
    ],
)
def test_spreadsheets_encodings_are_found_out(given, encoding, text):
    found = given(f'question,answer\n"{text}",ok\n'.encode(encoding), "data.csv")
    assert found.only.question == text
    assert any("encoding =" in sentence for sentence in found.said) == (encoding != "utf-16")


def test_options_of_the_format_overrule_what_is_found_out(given):
    data = "question;answer\nPół;b\n".encode("iso8859_2")
    assert given(data, "data.csv", format="csv:encoding=iso8859_2,delimiter=semicolon").only.question == "Pół"
    with pytest.raises(UsageError, match="there is no encoding 'x'"):
        given(data, "data.csv", format="csv:encoding=x")


def test_an_unknown_format_is_named_with_the_nearest(given):
    with pytest.raises(UnknownComponent, match="Did you mean 'alpaca'"):
        given("a,b\n", "data.csv", format="alpacca")


@for_all(st.text(alphabet="=+-@\t\r'a1 ", max_size=6))
def test_no_cell_starts_a_formula_and_every_cell_comes_back(cell):
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(guarded(cell)) == cell


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40).filter(str.strip)


@settings(max_examples=50)
@for_all(st.lists(st.tuples(TEXT, TEXT, TEXT.map(str.strip)), min_size=1, max_size=5))
def test_what_is_written_as_csv_is_read_the_same(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "out.csv"
    examples = [answered(question, answer, label=label) for question, answer, label in rows]
    path.write_bytes(b"".join(Table().write(examples)))
    found = list(Table().read(path, Columns()))
    assert [(example.question, example.answer, example.label) for example in found] == rows


def test_a_written_table_opens_with_its_header_and_guarded_cells():
    text = b"".join(Table(delimiter="tab").write([answered("=1+1", "-2", label="@x")])).decode()
    assert list(csv.reader(io.StringIO(text), delimiter="\t")) == [
        ["id", "system", "question", "answer", "label"],
        ["1", "", "'=1+1", "'-2", "'@x"],
    ]


def test_an_empty_list_is_written_as_a_header_alone():
    assert b"".join(Table().write([])) == b"id,system,question,answer,label\r\n"


def test_a_conversation_does_not_fit_a_row():
    turns = [Message(role=role, content="x") for role in ("user", "assistant", "user", "assistant")]
    with pytest.raises(DataError, match="more than one question"):
        list(Table().write([Example(id="1", messages=tuple(turns))]))


def test_every_file_of_csv_spectrum_is_parsed_as_its_json_says(shared_data, tmp_path, read):
    for path in sorted((shared_data / "csv_spectrum/csvs").glob("*.csv")):
        expected = json.loads((shared_data / f"csv_spectrum/json/{path.stem}.json").read_text("utf-8"))
        rows = expected if isinstance(expected, list) else [expected]
        if path.stem == "location_coordinates":
            rows[0]["Contact Phone Number"] = "2095257564"  # the two files of the set disagree
        if path.stem.endswith("_crlf"):  # this copy of the set has lost its carriage returns
            (tmp_path / path.name).write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        first, *others = rows[0]
        found = read(tmp_path / path.name if path.stem.endswith("_crlf") else path, question=first)
        got = [{first: example.question} | {name: example.meta.get(name, "") for name in others} for example in found.examples]
        assert got == rows, path.name
