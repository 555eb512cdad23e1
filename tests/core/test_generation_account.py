"""Budgets: nothing is sent that could pass them, and what was answered is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentor.errors import BudgetReached, UsageError
from augmentor.examples import Message
from augmentor.generation import Account, Cache, answer, estimate
from augmentor.generation.account import most_prompt_tokens
from augmentor.prices import FREE, Price
from augmentor.protocols import Reply, Request

PRICE = Price(1000.0, 2000.0)


@dataclass(frozen=True)
class Writer:
    """Writes and reads as many tokens as chance has it, never more than a request allows."""

    seed: int = 0
    lost: float = 0.0
    mute: bool = False
    price: Price | None = PRICE
    identity: str = "writer"
    asked: list = field(default_factory=list)
    waves: list = field(default_factory=list)

    def generate(self, requests):
        self.waves.append(len(requests))
        for index, request in enumerate(requests):
            rng = Random(f"{self.seed} {request}")
            self.asked.append(request.messages[0].text)
            lost = int(rng.random() < self.lost)
            if self.mute:
                yield index, Reply("text", lost=lost)
            else:
                yield index, Reply("text", None, rng.randint(1, most_prompt_tokens(request)), rng.randint(1, request.max_tokens), lost=lost)


def ask(count, most=50):
    return [Request((Message(role="user", content=f"question {number}"),), max_tokens=most) for number in range(count)]


@given(st.integers(0, 3000), st.integers(1, 80), st.integers(0, 5), st.booleans())
def test_a_cap_on_tokens_is_never_passed_and_used_as_far_as_is_sure(cap, most, seed, mute):
    account, writer = Account(max_tokens=cap), Writer(seed, mute=mute)
    requests = ask(60, most)
    try:
        answer(writer, requests, account=account)
    except BudgetReached:
        assert account.completion_tokens + most > cap, "it stopped early"
    else:
        assert len(writer.asked) == 60
    assert account.completion_tokens <= cap
    assert account.calls == len(writer.asked)


@given(st.floats(0, 30), st.integers(0, 5))
def test_a_cap_on_cost_is_never_passed(cap, seed):
    account, writer = Account(PRICE, max_cost=cap), Writer(seed)
    requests = ask(60)
    try:
        answer(writer, requests, account=account)
    except BudgetReached:
        next_cost = PRICE.of(account.prompt_tokens + most_prompt_tokens(requests[account.calls]), account.completion_tokens + 50)
        assert next_cost > cap
    assert account.cost <= cap


def test_what_may_have_been_charged_without_an_answer_counts_at_the_most():
    account = Account(PRICE)
    request = ask(1)[0]
    account.charge(request, Reply(error="cut", lost=2))
    assert (account.calls, account.failed) == (1, 1)
    assert (account.prompt_tokens, account.completion_tokens) == (2 * most_prompt_tokens(request), 100)


def test_a_reply_that_says_no_tokens_counts_at_the_most():
    account = Account()
    answer(Writer(mute=True), ask(3), account=account)
    assert account.completion_tokens == 150


def test_an_account_without_caps_asks_everything_at_once():
    writer = Writer()
    answer(writer, ask(40), account=Account(PRICE, max_tokens=40 * 50, max_cost=1e9))
    assert writer.waves == [40]


def test_what_was_answered_is_kept_and_the_same_call_goes_on(tmp_path):
    cache, writer = Cache(tmp_path / "c.sqlite"), Writer()
    with pytest.raises(BudgetReached, match=r"the budget of 500 tokens .*: \d+ new requests were answered and are kept, \d+ are left"):
        answer(writer, ask(40), cache=cache, account=Account(max_tokens=500))
    first = len(writer.asked)
    assert 10 <= first < 40
    answer(writer, ask(40), cache=cache, account=Account(max_tokens=40 * 50))
    assert sorted(writer.asked) == sorted(f"question {number}" for number in range(40)), "none was asked twice"


def test_one_account_holds_for_all_calls_together(tmp_path):
    account = Account(max_tokens=120)
    answer(Writer(mute=True), ask(2), account=account)
    with pytest.raises(BudgetReached):
        answer(Writer(mute=True), ask(3)[2:], account=account)


@pytest.mark.parametrize("price", [None, Price(1.0), Price(output=1.0)])
def test_a_cap_on_cost_without_a_price_is_refused_with_the_name_of_the_file(price, monkeypatch, tmp_path):
    monkeypatch.setenv("AUGMENTOR_HOME", str(tmp_path))
    with pytest.raises(UsageError, match=str(tmp_path / "prices.yaml")):
        Account(price, max_cost=1.0)


def test_a_model_of_ones_own_costs_nothing():
    account = Account(FREE, max_cost=0.0)
    answer(Writer(price=FREE), ask(3), account=account)
    assert account.cost == 0


def test_an_estimate_counts_equal_requests_once_and_leaves_out_what_is_there(tmp_path):
    cache = Cache(tmp_path / "c.sqlite")
    answer(Writer(), ask(4), cache=cache)
    found = estimate(Writer(), [*ask(10), *ask(10)], cache)
    assert (found.requests, found.cached, found.new) == (10, 4, 6)
    assert found.completion_tokens == 300
    assert found.cost == pytest.approx(PRICE.of(found.prompt_tokens, 300))
    assert estimate(Writer(price=None), ask(2)).cost is None
