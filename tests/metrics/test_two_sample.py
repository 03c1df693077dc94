"""A classifier tells tables apart if they differ, and only then."""

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from skgan._forms import joint_matrix, read_table
from skgan.exceptions import CopiesWarning
from skgan.metrics import classifier_auc, detection_score
from skgan.metrics._two_sample import CLASSIFIERS, MAX_CELLS, MAX_ROWS, TwoSample, _sampled_rows, two_sample_test

each_classifier = pytest.mark.parametrize("classifier", CLASSIFIERS)


def correlated(n, seed, correlation=0.95):
    rng = np.random.default_rng(seed)
    return rng.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], size=n)


def mixed(n, seed):
    """A frame with dependent columns of several kinds and missing values."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    return pd.DataFrame(
        {
            "x": np.where(rng.random(n) < 0.1, np.nan, x),
            "whole": np.round(3 * x).astype(int),
            "letter": np.where(rng.random(n) < 0.2, None, np.where(x > 0, "a", "b")),
            "when": pd.Timestamp("2020-01-01") + pd.to_timedelta(np.abs(x), unit="D"),
            "one": "same",
        }
    )


def shuffled(X, seed=0):
    """Every column shuffled independently: margins are kept, dependence is lost."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame({name: X[name].take(rng.permutation(len(X))).array for name in X})


@pytest.mark.parametrize("make", [correlated, mixed])
def test_rows_of_one_distribution_score_near_one(make):
    score = detection_score(make(4_000, 0), make(4_000, 1))
    assert type(score) is float and 0.95 <= score <= 1


def test_lost_dependence_scores_near_zero():
    """The margins are equal, and so are the means of all columns."""
    assert detection_score(correlated(4_000, 0), correlated(4_000, 1, correlation=0)) < 0.6
    real = mixed(4_000, 0)
    assert detection_score(real, shuffled(mixed(4_000, 1))) < 0.1


def test_the_more_is_damaged_the_lower_is_the_score():
    real, synthetic = mixed(4_000, 0), mixed(4_000, 1)
    scores = []
    for share in (0.0, 0.2, 0.5, 1.0):
        damaged = synthetic.copy()
        n = int(share * len(damaged))
        damaged.iloc[:n] = shuffled(synthetic.iloc[:n])
        scores.append(detection_score(real, damaged))
    assert scores == sorted(scores, reverse=True) and scores[0] - scores[-1] > 0.8


def test_missing_values_and_rare_categories_are_detected():
    real = mixed(2_000, 0)
    filled = mixed(2_000, 1)
    filled["x"] = filled["x"].fillna(0.0)
    assert detection_score(real, filled) < 0.95
    other = mixed(2_000, 1)
    other.loc[:400, "letter"] = "invented"
    assert detection_score(real, other) < 0.9


def test_columns_of_many_categories_are_judged():
    rng = np.random.default_rng(0)
    real, same = ([f"name {i}" for i in rng.geometric(0.001, size=3_000)] for _ in range(2))
    unique = [f"name {i}" for i in range(20_000, 23_000)]
    frames = [pd.DataFrame({"name": names}) for names in (real, same, unique)]
    assert detection_score(frames[0], frames[1]) > 0.9
    assert detection_score(frames[0], frames[2]) < 0.5


def test_copies_are_warned_about():
    X = mixed(1_000, 0)
    with pytest.warns(CopiesWarning, match="wrong more often than by chance"):
        assert detection_score(X, X.sample(frac=1, random_state=0)) == 1.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for seed in range(5):
            detection_score(mixed(100, seed), mixed(100, seed + 5))


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("n", [1, 2, 3, 5, 19])
@pytest.mark.parametrize("m", [1, 2, 7])
def test_few_rows_never_raise(n, m):
    assert 0 <= detection_score(mixed(n, 0), mixed(m, 1)) <= 1
    assert 0 <= detection_score(np.arange(n)[:, None], 100 + np.arange(m)[:, None]) <= 1


def test_few_rows_are_still_judged():
    X = np.random.default_rng(0).normal(size=(30, 2))
    assert detection_score(X, X + 10) < 0.1


UNVARIED = {
    "constant": np.ones((30, 2)),
    "missing": np.full((30, 2), np.nan),
    "text": np.full((30, 2), "a"),
    "missing text": np.full((30, 2), None),
}


@pytest.mark.parametrize("name", UNVARIED)
def test_what_does_not_vary_scores_one(name):
    assert detection_score(UNVARIED[name], UNVARIED[name]) == 1.0


def test_values_missing_in_one_table_only_are_detected():
    assert detection_score(np.ones((50, 1)), np.full((50, 1), np.nan)) < 0.1


@pytest.mark.usefixtures("few_trees")
def test_seeds():
    real, synthetic = read_table(mixed(500, 0)), read_table(shuffled(mixed(500, 1)))
    before = np.random.get_state()[1].tolist()
    first = classifier_auc(real, synthetic, random_state=3)
    assert first == classifier_auc(real, synthetic, random_state=3)
    assert first != classifier_auc(real, synthetic, random_state=4)
    assert first == classifier_auc(real, synthetic, random_state=np.random.default_rng(3))
    for random_state in (None, np.random.RandomState(0)):
        assert 0.5 < classifier_auc(real, synthetic, random_state=random_state) <= 1
    assert np.random.get_state()[1].tolist() == before


def test_containers_may_differ():
    X, Y = correlated(300, 0), correlated(300, 1)
    score = detection_score(X, Y)
    assert score == detection_score(pd.DataFrame(X), Y) == detection_score(X.tolist(), pd.DataFrame(Y))
    pl = pytest.importorskip("polars")
    assert score == detection_score(pl.DataFrame(X, schema=["a", "b"]), Y)


def test_tables_of_different_layout_are_refused():
    with pytest.raises(ValueError, match="synthetic has 3 features"):
        detection_score(np.eye(2), np.eye(3))
    with pytest.raises(ValueError, match="Column 0 of synthetic holds 'a'"):
        detection_score(np.eye(2), np.array([["a", 1]], dtype=object))


@pytest.mark.parametrize("shape", [(100_000, 5), (12_000, 300)])
def test_cost_is_capped(shape):
    looked_at = _sampled_rows(*shape, np.random.default_rng(0))
    assert len(looked_at) == len(np.unique(looked_at)) < shape[0]
    assert len(looked_at) <= MAX_ROWS and len(looked_at) * shape[1] <= MAX_CELLS


def test_joint_matrix():
    real = pd.DataFrame({"x": [1.5, np.nan, 2], "letter": ["b", "a", None]})
    synthetic = pd.DataFrame({"x": [3.5], "letter": ["b"]})
    A, B, categorical = joint_matrix(read_table(real), read_table(synthetic))
    np.testing.assert_array_equal(A, [[1.5, 0], [np.nan, 1], [2, np.nan]])
    np.testing.assert_array_equal(B, [[3.5, 0]])
    np.testing.assert_array_equal(categorical, [False, True])


def test_rare_categories_share_a_code_with_those_as_rare():
    real, synthetic = (pd.DataFrame({"x": list(letters)}) for letters in ("aaaabbbbccddef", "ddfghe"))
    A, B, _ = joint_matrix(read_table(real), read_table(synthetic), max_categories=6)
    codes = dict(zip("aaaabbbbccddef" + "ddfghe", [*A.ravel(), *B.ravel()], strict=True))
    assert codes == {"a": 0, "b": 1, "d": 2, "c": 3, "e": 5, "f": 5, "g": 4, "h": 4}
    assert A.max() < 6


def test_categories_of_one_row_each_do_not_reveal_their_table():
    names = [f"name {i}" for i in np.random.default_rng(0).permutation(6_000)]
    assert detection_score(pd.DataFrame({"x": names[:3_000]}), pd.DataFrame({"x": names[3_000:]})) > 0.95


def test_a_column_that_numbers_the_rows_is_no_copy():
    rng = np.random.default_rng(0)
    real, other = (pd.DataFrame({"id": range(500), "a": rng.normal(size=500)}) for _ in range(2))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        detection_score(real, other)
    with pytest.warns(CopiesWarning):
        detection_score(real, real)


def strict(*args, **kwargs):
    """`two_sample_test`, with warnings as errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return two_sample_test(*args, **kwargs)


@pytest.mark.parametrize("make", [correlated, mixed])
def test_the_default_test_is_the_detection_score(make):
    real, synthetic = make(500, 0), make(300, 1)
    test = strict(real, synthetic, random_state=3)
    assert test.score == detection_score(real, synthetic, random_state=3)
    assert test.score == 1 - 2 * max(test.auc - 0.5, 0)
    assert test[2:] == (False, 500, 300)


@each_classifier
@pytest.mark.parametrize("make", [correlated, mixed])
def test_every_classifier_accepts_fresh_rows_and_detects_a_shift(classifier, make):
    real, fresh = make(1_000, 0), make(800, 1)
    assert strict(real, fresh, classifier=classifier).score > 0.85
    other = pd.DataFrame(fresh)
    other.isetitem(0, other.iloc[:, 0] + 1)
    found = strict(pd.DataFrame(real), other, classifier=classifier)
    assert found.score < 0.6 and not found.copies
    assert found.score == detection_score(pd.DataFrame(real), other, classifier=classifier)
    tables = read_table(pd.DataFrame(real)), read_table(other)
    assert found.auc == classifier_auc(*tables, classifier=classifier)


def test_quadratic_detects_correlations_and_variances_and_logistic_does_not():
    real = correlated(2_000, 0)
    for synthetic in (correlated(2_000, 1, correlation=0), 0.5 * correlated(2_000, 1)):
        assert strict(real, synthetic, classifier="logistic").score > 0.9
        assert strict(real, synthetic, classifier="quadratic").score < 0.6
    real = mixed(2_000, 0)
    assert strict(real, shuffled(mixed(2_000, 1)), classifier="logistic").score > 0.8
    assert strict(real, shuffled(mixed(2_000, 1)), classifier="quadratic").score < 0.4


def test_logistic_detects_categories_and_missing_values():
    real, other = mixed(2_000, 0), mixed(2_000, 1)
    other.loc[:400, "letter"] = "invented"
    assert strict(real, other, classifier="logistic").score < 0.9
    filled = mixed(2_000, 1)
    filled["x"] = filled["x"].fillna(0.0)
    assert strict(real, filled, classifier="logistic").score < 0.95


@each_classifier
def test_copies_are_reported(classifier):
    """With few rows and many columns, even a linear model memorises rows."""
    X = np.random.default_rng(0).normal(size=(100, 30))
    found = strict(X, X[::-1], classifier=classifier)
    assert found.copies and found.score == 1.0
    with pytest.warns(CopiesWarning, match="wrong more often than by chance"):
        detection_score(X, X, classifier=classifier)


@each_classifier
@pytest.mark.parametrize(("n", "m"), [(60, 60), (400, 100)])
def test_fresh_rows_are_no_copies(classifier, n, m):
    found = [strict(mixed(n, seed), mixed(m, 1_000 + seed), classifier=classifier) for seed in range(6)]
    assert not any(test.copies for test in found)
    assert 0.44 < np.mean([test.auc for test in found]) < 0.56


@each_classifier
def test_a_column_that_numbers_the_rows_is_no_copy_to_any_classifier(classifier):
    rng = np.random.default_rng(0)
    real, other = (
        pd.DataFrame({"id": range(500), "key": [f"key {i}" for i in range(500)], "a": rng.normal(size=500)})
        for _ in range(2)
    )
    assert not strict(real, other, classifier=classifier).copies


@each_classifier
@pytest.mark.parametrize("shape", [(1, 5), (2, 7), (19, 2)])
def test_few_rows_never_raise_whatever_the_classifier(classifier, shape):
    n, m = shape
    found = strict(mixed(n, 0), mixed(m, 1), classifier=classifier)
    assert 0 <= found.score <= 1 and found[3:] == (n, m)
    assert min(n, m) > 1 or found == TwoSample(0.5, 1.0, False, n, m)
    assert 0 <= strict(np.arange(n)[:, None], 100 + np.arange(m)[:, None], classifier=classifier).score <= 1


@each_classifier
@pytest.mark.parametrize("name", UNVARIED)
def test_what_does_not_vary_scores_one_whatever_the_classifier(classifier, name):
    assert strict(UNVARIED[name], UNVARIED[name], classifier=classifier)[:3] == (0.5, 1.0, False)


@each_classifier
def test_a_column_missing_in_one_table_alone_gives_it_away(classifier):
    real, synthetic = mixed(200, 0), mixed(200, 1)
    synthetic["x"] = np.nan
    assert strict(real, synthetic, classifier=classifier).score < 0.2
    assert strict(np.ones((50, 1)), np.full((50, 1), np.nan), classifier=classifier).score == 0


@each_classifier
def test_extreme_numbers(classifier):
    rng = np.random.default_rng(0)
    real, synthetic = (np.exp(100 * rng.normal(size=(300, 2))) for _ in range(2))
    assert strict(real, synthetic, classifier=classifier).score > 0.75


USERS = [
    RandomForestClassifier(10),
    KNeighborsClassifier(5),
    LinearSVC(),
    make_pipeline(StandardScaler(), RandomForestClassifier(10)),
]


@pytest.mark.parametrize("classifier", USERS, ids=["forest", "neighbours", "no probability", "pipeline"])
def test_the_users_own_classifier(classifier):
    before = repr(classifier)
    real = mixed(400, 0)
    near, far = mixed(300, 1), mixed(300, 1).assign(x=lambda X: X["x"] + 2)
    test = strict(real, near, classifier=classifier)
    assert test == strict(real, near, classifier=classifier)
    assert test.score > 0.7 > strict(real, far, classifier=classifier).score
    assert repr(classifier) == before and not hasattr(classifier, "classes_")


def test_what_is_no_classifier_is_refused():
    X = np.eye(3)
    with pytest.raises(ValueError, match="classifier='logistics' is not a known word.*Did you mean 'logistic'"):
        two_sample_test(X, X, classifier="logistics")
    for classifier in (RandomForestClassifier, Ridge(), None, 3):
        with pytest.raises(TypeError, match="an instance of a scikit-learn classifier"):
            two_sample_test(X, X, classifier=classifier)


def test_bad_options():
    X = np.eye(3)
    for max_rows in (1, 0, 2.5, "all"):
        with pytest.raises(ValueError, match="max_rows must be a whole number of at least 2 or None"):
            two_sample_test(X, X, max_rows=max_rows)
    with pytest.raises(ValueError, match="paired must be True or False"):
        two_sample_test(X, X, paired="yes")
    with pytest.raises(ValueError, match="paired=True means that row i .* 3 and 2 rows"):
        two_sample_test(X, X[:2], paired=True)
    with pytest.raises(ValueError, match="X_synthetic has 2 features"):
        two_sample_test(X, X[:, :2])


def test_the_number_of_rows_is_reported():
    X = np.random.default_rng(0).normal(size=(12_000, 2))
    real, synthetic = X[:11_000], X[11_000:]
    assert two_sample_test(real, synthetic, classifier="logistic")[3:] == (MAX_ROWS, 1_000)
    assert two_sample_test(real, synthetic, classifier="logistic", max_rows=None)[3:] == (11_000, 1_000)
    assert two_sample_test(real, synthetic, max_rows=50)[3:] == (50, 50)


def test_categories_count_as_columns():
    """A column of many categories has many axes, so fewer rows are used."""
    names = [f"level {i}" for i in range(50)]
    table = read_table(pd.DataFrame({j: names + [None] * 10 for j in range(40)} | {"x": range(60)}))
    assert CLASSIFIERS["boosting"].n_columns(table, table) == 41
    assert CLASSIFIERS["logistic"].n_columns(table, table) == (40 * 51 + 1) // 2


def test_pairs_are_held_out_together():
    """A nearest-neighbour classifier that was fitted on one row of a pair would recognise the other."""
    rng = np.random.default_rng(0)
    condition = rng.normal(size=(300, 5))
    real, synthetic = (condition + 0.01 * rng.normal(size=condition.shape) for _ in range(2))
    nearest = KNeighborsClassifier(1)
    assert strict(real, synthetic, classifier=nearest).auc < 0.3
    assert strict(real, synthetic, classifier=nearest, paired=True).auc > 0.4


@each_classifier
def test_images(classifier):
    rng = np.random.default_rng(0)
    images = rng.normal(size=(600, 8, 8)).cumsum(axis=1)
    stripes = images[300:] + np.arange(8) % 2
    assert strict(images[:300], images[300:], classifier=classifier).score > 0.75
    assert strict(images[:300], stripes, classifier=classifier).score < 0.6
    assert strict(images[:1], images[1:], classifier=classifier).score == 1
    assert strict(np.ones((9, 8, 8)), np.ones((9, 8, 8)), classifier=classifier).score == 1
    coloured = np.repeat((images[..., None] > 0).astype(np.uint8), 3, axis=3)
    assert strict(coloured[:300], coloured[300:], classifier=classifier).score > 0.75
    with pytest.raises(ValueError, match="Images of X_synthetic have shape"):
        two_sample_test(images, images[:, :, :7], classifier=classifier)


@pytest.mark.usefixtures("few_trees")
@each_classifier
def test_the_global_generator_is_left_as_found(classifier):
    real, synthetic = mixed(60, 0), mixed(60, 1)
    before = np.random.get_state()[1].tolist()
    first = two_sample_test(real, synthetic, classifier=classifier, random_state=3)
    assert first == two_sample_test(real, synthetic, classifier=classifier, random_state=3)
    assert first != two_sample_test(real, synthetic, classifier=classifier, random_state=4)
    assert first == two_sample_test(real, synthetic, classifier=classifier, random_state=np.random.default_rng(3))
    two_sample_test(real, synthetic, classifier=classifier, random_state=np.random.RandomState(0))
    assert np.random.get_state()[1].tolist() == before


def test_messages_speak_of_real_rows_not_of_a_fit():
    real = pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, 2.0]})
    with pytest.raises(ValueError, match="synthetic lacks the columns ..b.., which real has"):
        detection_score(real, real.rename(columns={"b": "c"}))
    with pytest.raises(ValueError, match="synthetic has 1 features, but real is expecting 2"):
        detection_score(real.to_numpy(), real[["a"]].to_numpy())
    tables = (read_table(frame) for frame in (real, real.rename(columns={"b": "c"})))
    with pytest.raises(ValueError, match="synthetic must have the columns of real,"):
        detection_score(*tables)
