import numpy as np
import pytest

pytest.importorskip("wordllama", reason="the table is in the extra 'encoder'")

from augmentor.errors import MissingExtra
from augmentor_plugins.encoders import static
from augmentor_plugins.encoders.static import Static


def test_vectors_are_unit_float32_and_an_empty_text_is_zero():
    vectors = Static().encode(["Where is my parcel?", "", "  ", "\ud800", "你好"])
    assert vectors.shape == (5, 256)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1)[[0, 4]], 1, atol=1e-5)
    assert not vectors[1].any()
    assert not vectors[2].any()


def test_what_is_about_the_same_is_nearer():
    parcel, delivery, recipe = Static().encode(["Where is my parcel?", "My package has not been delivered", "How long do I boil an egg?"])
    assert parcel @ delivery > parcel @ recipe + 0.1


def test_a_text_has_the_same_vector_in_any_batch():
    texts = ["Where is my parcel?", "short", "a much longer text about a card that was declined in a shop in Zürich"]
    together = Static().encode(texts)
    assert all(np.array_equal(Static().encode([text])[0], together[index]) for index, text in enumerate(texts))


def test_only_the_first_tokens_count():
    assert np.array_equal(*Static(max_tokens=2).encode(["red card", "red card and many more words"]))


def test_a_missing_package_says_which_extra_to_install(monkeypatch):
    def missing(name):
        raise static.PackageNotFoundError(name)

    static._files.cache_clear()
    monkeypatch.setattr(static, "distribution", missing)
    with pytest.raises(MissingExtra, match="encoder"):
        Static().encode(["x"])
    static._files.cache_clear()
