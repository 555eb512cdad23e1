import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from augmentor_evaluation.spread import spread
from augmentor_evaluation.statistics import benjamini_hochberg, detectable, interval, share_interval, sign_flip, wilson

HOLE = float("nan")


def experiment(seed, clusters=30, per_cluster=4, seeds=1, cluster_effect=1.0, seed_effect=0.0, shift=0.0):
    rng = np.random.default_rng(seed)
    groups = np.repeat(np.arange(clusters), per_cluster)
    values = shift + cluster_effect * rng.normal(size=clusters)[groups] + seed_effect * rng.normal(size=(seeds, 1)) + rng.normal(size=(seeds, len(groups)))
    return values, groups


def test_without_clusters_and_seeds_the_error_is_that_of_the_t_test():
    values, _ = experiment(1, 40, 1)
    found = spread(values, np.arange(40))
    assert found.error == pytest.approx(stats.sem(values[0]))
    assert found.freedom == pytest.approx(39)
    low, high = interval(values, np.arange(40), resamples=9999)
    expected = stats.ttest_1samp(values[0], 0).confidence_interval(0.95)
    assert (low, high) == (pytest.approx(expected.low, abs=0.06), pytest.approx(expected.high, abs=0.06))


def test_equal_clusters_are_worth_as_much_as_their_means():
    values, groups = experiment(2, 20, 5)
    assert spread(values, groups).error == pytest.approx(stats.sem(values[0].reshape(20, 5).mean(axis=1)))


def test_ten_copies_of_every_question_change_nothing_when_they_share_a_cluster():
    values, groups = experiment(3, 15, 1)
    copied, copied_groups = np.repeat(values, 10, axis=1), np.repeat(groups, 10)
    assert interval(copied, copied_groups, seed=5) == pytest.approx(interval(values, groups, seed=5))
    assert sign_flip(copied, copied_groups, seed=5) == pytest.approx(sign_flip(values, groups, seed=5))
    naive = interval(copied, np.arange(150), seed=5)
    assert naive[1] - naive[0] < 0.5 * (interval(values, groups)[1] - interval(values, groups)[0])


def test_seeds_that_disagree_widen_the_interval_and_seeds_that_agree_do_not():
    values, groups = experiment(4, seeds=1)
    agreeing = np.repeat(values, 3, axis=0)
    assert interval(agreeing, groups) == pytest.approx(interval(values, groups))
    apart = agreeing + np.array([[-0.8], [0.0], [0.8]])
    found = spread(apart, groups)
    assert found.mean == pytest.approx(values.mean())
    assert found.fixed_error == pytest.approx(spread(values, groups).error)
    assert found.error > np.std([-0.8, 0, 0.8], ddof=1) / math.sqrt(3)
    assert found.freedom < 4
    low, high = interval(apart, groups)
    assert high - low > 2 * (interval(values, groups)[1] - interval(values, groups)[0])


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    """A smoke test of a hundred experiments; `benchmarks/statistics_coverage.py` is the measurement."""
    held = naive = 0
    for seed in range(100):
        values, groups = experiment(seed, 12, 6, seeds=3, seed_effect=0.3)
        low, high = interval(values, groups, seed=seed, resamples=499)
        held += low <= 0 <= high
        naive += stats.ttest_1samp(values.mean(axis=0), 0).pvalue > 0.05
    assert held >= 88
    assert naive <= 70


def test_the_sign_flip_is_exact_for_few_clusters():
    values, groups = experiment(5, 8, 3, shift=0.5)
    sums = values[0].reshape(8, 3).sum(axis=1)
    flips = np.array(list(itertools.product([1, -1], repeat=8))) @ sums
    assert sign_flip(values, groups) == pytest.approx((np.abs(flips) >= abs(sums.sum()) - 1e-9).mean())


def test_with_many_clusters_the_sign_flip_agrees_with_the_t_test():
    values, groups = experiment(6, 60, 1, shift=0.35)
    assert sign_flip(values, groups) == pytest.approx(stats.ttest_1samp(values[0], 0).pvalue, abs=0.01)


def test_the_same_seed_gives_the_same_numbers_and_another_seed_nearly():
    values, groups = experiment(7)
    assert interval(values, groups, seed=3) == interval(values, groups, seed=3)
    assert sign_flip(values, groups, seed=3) == sign_flip(values, groups, seed=3)
    assert interval(values, groups, seed=3) != interval(values, groups, seed=4)
    assert interval(values, groups, seed=3) == pytest.approx(interval(values, groups, seed=4), abs=0.05)


def test_edges():
    nothing = np.full((2, 3), HOLE)
    assert (spread(nothing, np.arange(3)), interval(nothing, np.arange(3)), sign_flip(nothing, np.arange(3))) == (None, None, None)
    assert (spread(np.empty((1, 0)), np.empty(0)), interval(np.empty((1, 0)), np.empty(0))) == (None, None)
    single = np.array([[0.5]])
    assert spread(single, np.array([0])).mean == 0.5
    assert math.isnan(spread(single, np.array([0])).error)
    assert (interval(single, np.array([0])), sign_flip(single, np.array([0])), detectable(spread(single, np.array([0])))) == (None, 1.0, None)
    one_cluster = np.array([[0.1, 0.2, 0.3]])
    assert (interval(one_cluster, np.zeros(3)), sign_flip(one_cluster, np.zeros(3))) == (None, 1.0)
    equal = np.full((1, 9), 0.25)
    assert interval(equal, np.arange(9)) == (0.25, 0.25)
    assert sign_flip(equal, np.arange(9)) == pytest.approx(2 / 2**9)
    assert sign_flip(np.zeros((1, 9)), np.arange(9)) == 1.0


def test_questions_and_seeds_without_a_value_do_not_count():
    values, groups = experiment(8, 10, 3, seeds=2)
    holed = np.vstack([np.hstack([values, np.full((2, 2), HOLE)]), np.full((1, 32), HOLE)])
    assert interval(holed, np.append(groups, [77, 78])) == interval(values, groups)
    partly = values.copy()
    partly[0, :5] = HOLE
    assert spread(partly, groups).mean == pytest.approx(np.append(values[1, :5], values.mean(axis=0)[5:]).mean())


tables = st.integers(1, 3).flatmap(
    lambda seeds: st.lists(st.tuples(st.integers(0, 5), st.lists(st.sampled_from([0.0, 0.0, 1.0, -1.0, 0.3, HOLE]), min_size=seeds, max_size=seeds)), min_size=1, max_size=15)
)


@settings(max_examples=150, deadline=None)
@given(tables)
def test_any_table_gives_an_interval_around_its_mean_or_none(rows):
    groups, values = np.array([cluster for cluster, _ in rows]), np.array([row for _, row in rows]).T
    found, bounds, p = spread(values, groups), interval(values, groups, resamples=99), sign_flip(values, groups, permutations=99)
    assert (found is None) == (p is None)
    if p is not None:
        assert 0 < p <= 1
    if bounds is not None:
        assert bounds[0] - 1e-9 <= found.mean <= bounds[1] + 1e-9
        assert found.clusters >= 2
        assert found.error >= found.fixed_error - 1e-12
        mirrored = interval(-values, groups, resamples=99)
        assert (mirrored[1] - mirrored[0]) == pytest.approx(bounds[1] - bounds[0], rel=0.5, abs=1e-9)


@given(st.integers(0, 50), st.integers(1, 50))
def test_wilson_is_that_of_scipy(successes, more):
    trials = successes + more
    expected = stats.binomtest(successes, trials).proportion_ci(0.95, method="wilson")
    assert wilson(successes, trials) == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert wilson(0, 0) is None


def test_a_share_is_as_sure_as_its_clusters_make_it():
    won = np.array([1.0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0])
    alone, together = share_interval(won, np.arange(12)), share_interval(won, np.arange(12) // 3)
    assert together[1] - together[0] > 1.2 * (alone[1] - alone[0])
    assert alone == pytest.approx(wilson(6, 12), abs=0.03)
    assert share_interval(np.ones(12), np.arange(12) // 3) == pytest.approx(wilson(4, 4))


def test_benjamini_hochberg_follows_the_textbook():
    assert benjamini_hochberg([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    assert benjamini_hochberg([]) == []


def test_the_detectable_difference_is_found_four_times_in_five():
    size = detectable(spread(*experiment(0, 30, 3)))
    found = 0
    for seed in range(150):
        values, groups = experiment(seed, 30, 3)
        difference = detectable(spread(values, groups))
        low, high = interval(values + difference, groups, resamples=199)
        found += low > 0 or high < 0
    assert 0.68 <= found / 150 <= 0.92
    assert size > detectable(spread(*experiment(0, 30, 3)), power=0.5)
