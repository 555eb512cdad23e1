from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from augmentor_plugins.serving.wording import Wording


class Bytes:
    """A tokenizer whose tokens are bytes: characters come in pieces."""

    def decode(self, tokens, skip_special_tokens=True):
        return bytes(tokens).decode("utf-8", "replace")


def pieces(text: str, stops=()) -> tuple[list[str], Wording]:
    wording = Wording(Bytes(), stops)
    said = []
    for token in text.encode():
        said.append(wording.add(token))
        if wording.stopped:
            return said, wording
    return [*said, wording.end()], wording


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffd"), max_size=30))
def test_pieces_make_up_the_text_and_hold_no_half_characters(text):
    said, _ = pieces(text)
    assert "".join(said) == text
    assert not any("\ufffd" in piece for piece in said)


@given(st.text("ab€", max_size=20), st.lists(st.text("ab€", min_size=1, max_size=4), max_size=3))
def test_what_is_said_ends_before_the_first_stop_sequence(text, stops):
    said, wording = pieces(text, stops)
    ends = [text.find(stop) + len(stop) for stop in stops if stop in text]
    if not ends:
        assert "".join(said) == text
        return
    assert wording.stopped
    written = text[: min(ends)]  # the token that completes the first one is the last
    assert "".join(said) == written[: min(written.find(stop) for stop in stops if stop in written)]


def test_bytes_that_are_no_characters_are_said_at_the_end():
    wording = Wording(Bytes())
    assert wording.add(0xE2) == ""
    assert wording.end() == "\ufffd"
