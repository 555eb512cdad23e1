import math
import zlib

import pytest

from augmentor.errors import BadOption
from augmentor.plugins import plugins
from augmentor_evaluation.metrics.compression_ratio import CompressionRatio, compression_ratio
from augmentor_evaluation.metrics.json_format import JsonFormat
from augmentor_evaluation.metrics.regex_format import RegexFormat
from tests.evaluation.metrics.test_metrics import one


@pytest.mark.parametrize(
    ("text", "valid"),
    [('{"a": 1}', 1), (" [1, 2]\n", 1), ('{"a": 1} and so on', 0), ('{"a": 1', 0), ("7", 0), ("null", 0), ("", 0), ("{'a': 1}", 0), ("[" * 100_000, 0), ("\ud800", 0)],
)
def test_json_is_one_object_or_list_and_nothing_else(text, valid):
    assert one(JsonFormat(), text) == valid


def test_json_may_be_asked_for_keys_and_be_let_out_of_its_fence():
    assert one(JsonFormat(keys=("a", "b")), '{"a": 1, "b": 2, "c": 3}') == 1
    assert one(JsonFormat(keys=("a", "b")), '{"a": 1}') == one(JsonFormat(keys=("a",)), '["a"]') == 0
    fenced = '```json\n{"a": 1}\n```'
    assert one(JsonFormat(), fenced) == 0
    assert one(JsonFormat(fenced=True), fenced) == one(JsonFormat(fenced=True), '{"a": 1}') == 1


def test_a_form_is_a_regular_expression():
    assert one(RegexFormat(r"[A-Z]-\d{3}"), " A-123\n") == 1
    assert one(RegexFormat(r"[A-Z]-\d{3}"), "It is A-123.") == 0
    assert one(RegexFormat(r"[A-Z]-\d{3}", whole=False), "It is A-123.") == 1
    with pytest.raises(BadOption, match="is no regular expression"):
        plugins()["metric"].make({"regex_format": {"pattern": "("}})
    with pytest.raises(BadOption, match="needs the option pattern"):
        plugins()["metric"].make("regex_format")


def test_circles_compress_and_nothing_has_no_ratio():
    text = "Open settings, choose security and tap reset."
    assert one(CompressionRatio(), text) < one(CompressionRatio(), text * 5)
    assert math.isnan(one(CompressionRatio(), ""))
    packed = zlib.compressobj(9, wbits=-15)
    assert compression_ratio(text) == len(text) / len(packed.compress(text.encode()) + packed.flush())
