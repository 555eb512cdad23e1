import multiprocessing
from dataclasses import dataclass, field

from augmentor.examples import Message
from augmentor.generation import Cache, answer, cache_key
from augmentor.protocols import Reply, Request


@dataclass(frozen=True)
class Echo:
    """Answers in reverse order, and fails for texts that say so."""

    identity: str = "echo"
    asked: list = field(default_factory=list)

    def generate(self, requests):
        for index in reversed(range(len(requests))):
            text = requests[index].messages[-1].text
            self.asked.append(text)
            yield index, Reply(error="no") if text == "fail" else Reply(text.upper(), completion_tokens=1)


def ask(*texts):
    return [Request((Message(role="user", content=text),), max_tokens=10) for text in texts]


def test_replies_come_in_the_order_of_the_requests():
    assert [reply.text for reply in answer(Echo(), ask("a", "b", "c"))] == ["A", "B", "C"]


def test_a_second_run_asks_nothing_and_an_edited_row_only_itself(tmp_path):
    cache, echo = Cache(tmp_path / "c.sqlite"), Echo()
    rows = [f"row {number}" for number in range(100)]
    answer(echo, ask(*rows), cache=cache)
    assert len(echo.asked) == 100
    answer(echo, ask(*rows), cache=cache)
    assert len(echo.asked) == 100
    rows[7] = "row seven"
    assert answer(echo, ask(*rows), cache=cache)[7].text == "ROW SEVEN"
    assert echo.asked[100:] == ["row seven"]


def test_equal_requests_are_asked_once():
    echo = Echo()
    assert [reply.text for reply in answer(echo, ask("a", "a", "b", "a"))] == ["A", "A", "B", "A"]
    assert sorted(echo.asked) == ["a", "b"]


def test_a_failed_reply_is_asked_again_next_time(tmp_path):
    cache, echo = Cache(tmp_path / "c.sqlite"), Echo()
    assert answer(echo, ask("fail"), cache=cache)[0].error == "no"
    answer(echo, ask("fail"), cache=cache)
    assert echo.asked == ["fail", "fail"]


def test_another_model_or_sampling_is_another_question():
    request = ask("a")[0]
    other = Request(request.messages, max_tokens=10, temperature=0.5)
    assert len({cache_key("m", request), cache_key("n", request), cache_key("m", other)}) == 3


def test_a_reply_that_never_comes_is_an_error():
    @dataclass(frozen=True)
    class Silent:
        identity: str = "silent"

        def generate(self, requests):
            yield 1, Reply("b")
            yield 1, Reply("b again")

    assert answer(Silent(), ask("a", "b")) == [Reply(error="the generator gave no reply"), Reply("b")]


def _fill(path, start):
    cache = Cache(path)
    for number in range(start, start + 50):
        cache.put(number.to_bytes(4, "big"), Reply(str(number)))


def test_two_processes_share_a_cache(tmp_path):
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_fill, args=(tmp_path / "c.sqlite", start)) for start in (0, 25)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    cache = Cache(tmp_path / "c.sqlite")
    assert [cache.get(number.to_bytes(4, "big")).text for number in range(75)] == [str(number) for number in range(75)]
