import math

import pytest

from interviewer.flows.agreement import (
    accuracy,
    cohen_kappa,
    interval,
    macro_f1,
    pearson,
    quadratic_weighted_kappa,
    rmse,
    spearman,
)

TRUE = ["yes", "yes", "yes", "no", "no"]
FOUND = ["yes", "yes", "no", "no", "yes"]


def test_accuracy_is_the_share_of_equal_pairs():
    assert accuracy(TRUE, FOUND) == pytest.approx(3 / 5)


def test_macro_f1_is_the_plain_mean_over_the_labels():
    # yes: 2 right of 3 found and 3 true, 2/3; no: 1 right of 2 found and 2 true, 1/2
    assert macro_f1(TRUE, FOUND) == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_macro_f1_counts_a_named_label_that_never_occurs_as_nothing():
    assert macro_f1(TRUE, FOUND, labels=("yes", "no", "unsure")) == pytest.approx((2 / 3 + 1 / 2) / 3)


def test_kappa_takes_away_what_chance_would_give():
    # observed 3/5; by chance (3*3 + 2*2) / 25 = 13/25
    assert cohen_kappa(TRUE, FOUND) == pytest.approx((15 / 25 - 13 / 25) / (12 / 25))
    assert cohen_kappa(TRUE, TRUE) == pytest.approx(1.0)


def test_kappa_of_two_graders_who_never_vary_is_undefined():
    assert math.isnan(cohen_kappa(["a", "a"], ["a", "a"]))
    assert math.isnan(quadratic_weighted_kappa([1, 1], [1, 1]))


def test_the_weighted_kappa_punishes_by_the_square_of_the_distance():
    # squares per pair 0 1 4 0; by chance every true grade meets every found one, one bracket a true grade
    true, found = [0, 1, 2, 2], [0, 2, 0, 2]
    by_chance = ((0 + 4 + 0 + 4) + (1 + 1 + 1 + 1) + (4 + 0 + 4 + 0) + (4 + 0 + 4 + 0)) / 16
    assert quadratic_weighted_kappa(true, found) == pytest.approx(1 - (5 / 4) / by_chance)
    assert quadratic_weighted_kappa([0, 0, 1, 1], [1, 1, 0, 0]) == pytest.approx(-1.0)


def test_pearson_of_a_line_is_one_and_of_a_bent_one_less():
    assert pearson([1, 2, 3], [10, 20, 30]) == pytest.approx(1.0)
    assert pearson([1, 2, 3], [30, 20, 10]) == pytest.approx(-1.0)
    # deviations -1 0 1 and -2 1 1: 3 / sqrt(2 * 6)
    assert pearson([1, 2, 3], [1, 4, 4]) == pytest.approx(3 / math.sqrt(12))
    assert math.isnan(pearson([1, 2, 3], [5, 5, 5]))


def test_spearman_looks_at_the_order_only_and_shares_ranks_between_equals():
    assert spearman([1, 2, 3, 4], [1, 10, 100, 1000]) == pytest.approx(1.0)
    # ranks 1 2 3 and 1 2.5 2.5: 1.5 / sqrt(2 * 1.5)
    assert spearman([1, 2, 3], [1, 4, 4]) == pytest.approx(1.5 / math.sqrt(3))


def test_rmse_is_in_the_unit_of_the_values():
    assert rmse([0.0, 1.0], [0.3, 0.6]) == pytest.approx(math.sqrt((0.09 + 0.16) / 2))


def test_an_interval_draws_whole_groups():
    groups = [[0.0] * 9, [1.0]]

    def share(drawn):
        values = [value for group in drawn for value in group]
        return sum(values) / len(values)

    # Two groups can be drawn in three ways only: both the first, both the second, or one of each.
    assert {interval(groups, share, resamples=1, seed=seed)[0] for seed in range(20)} == {0.0, 0.1, 1.0}
    assert interval(groups, share) == (0.0, 1.0)


def test_an_interval_is_the_same_for_the_same_seed_and_holds_the_plain_figure():
    groups = [[float(n % 7)] for n in range(50)]

    def average(drawn):
        return sum(value for group in drawn for value in group) / len(drawn)

    low, high = interval(groups, average, seed=3)
    assert (low, high) == interval(groups, average, seed=3)
    assert low < average(groups) < high


def test_draws_without_a_value_are_left_out_of_an_interval():
    low, high = interval([[1.0], [2.0]], lambda drawn: math.nan if drawn[0] == drawn[1] else 1.5)
    assert (low, high) == (1.5, 1.5)
    assert all(map(math.isnan, interval([[1.0]], lambda drawn: math.nan)))


def test_no_pairs_and_unequal_lengths_are_refused():
    with pytest.raises(ValueError, match="pairs"):
        accuracy([], [])
    with pytest.raises(ValueError, match="3 and 2"):
        pearson([1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match="group"):
        interval([], len)
