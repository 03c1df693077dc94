"""A column's quantile function: uniform places in, the column's own values out, and no rare value kept anywhere."""

import numpy as np
import pytest

from skgan.encoders._quantiles import MAX_KNOTS, Quantiles

N = 4000
INT64 = np.iinfo(np.int64)


def seeded(draw):
    return lambda: draw(np.random.default_rng(0))


def spiky(rng, values):
    return np.where(rng.random(N) < 0.92, 0, values)


# Full-precision floats: a value that is shown again is a training row's own.
FLOATS = {
    "normal": seeded(lambda rng: rng.normal(size=N)),
    "far from zero": seeded(lambda rng: 1e5 + rng.normal(size=N)),
    "uniform": seeded(lambda rng: rng.random(N)),
    "heavy tails": seeded(lambda rng: rng.standard_cauchy(N)),
    "thirty orders": seeded(lambda rng: np.exp(12 * rng.normal(size=N))),
    "1e-12 beside 1e12": seeded(lambda rng: np.concatenate([rng.random(N) * 1e-12, rng.random(N) * 1e12])),
    "92 % zeros": seeded(lambda rng: spiky(rng, np.exp(rng.normal(size=N)))),
    "more rows than knots": seeded(lambda rng: rng.normal(size=5 * N)),
}
# Values on a lattice.
LATTICES = {
    "counts": seeded(lambda rng: rng.poisson(5, N)),
    "integers": seeded(lambda rng: rng.integers(0, 10**6, N)),
    "integers, 92 % zeros": seeded(lambda rng: spiky(rng, rng.integers(1, 10**5, N))),
    "tenths": seeded(lambda rng: np.round(rng.normal(size=N), 1)),
    "single precision tenths": seeded(lambda rng: np.round(rng.normal(size=N), 1).astype(np.float32).astype(float)),
    "prices": seeded(lambda rng: np.round(np.exp(2 * rng.normal(size=N)), 2)),
    "25 grams": seeded(lambda rng: rng.integers(0, 400, N) * 25.0),
    "days in ns": seeded(lambda rng: (18_000 + rng.integers(0, 5000, N)) * 86_400 * 10**9),
    "near 2**62": seeded(lambda rng: 2**62 + rng.integers(0, 10**6, N)),
    "near -2**62": seeded(lambda rng: -(2**62) + rng.integers(0, 10**6, N)),
    "far apart": seeded(lambda rng: np.where(rng.random(N) < 0.5, 2**62, -(2**62)) + rng.integers(0, 2**50, N)),
    "ends of int64": seeded(lambda rng: np.where(rng.random(N) < 0.5, INT64.max, INT64.min + 1)),
    "large floats": seeded(lambda rng: 1e17 + rng.integers(0, 1000, N) * 64.0),
}
SMALL = {
    "one": lambda: np.array([3.7]),
    "two": lambda: np.array([1.5, 2.25]),
    "two integers": lambda: np.array([7, 9]),
    "constant": lambda: np.full(50, 2.5),
    "constant zero": lambda: np.zeros(7, dtype=np.int64),
    "constant, huge": lambda: np.full(50, 1.7e308),
    "six distinct": lambda: np.array([0.1, 0.25, 0.3, 5.0, 7.0, 1e9]),
}
LARGE = FLOATS | LATTICES
ALL = LARGE | SMALL


def each(table):
    return pytest.mark.parametrize("make", table.values(), ids=table.keys())


def spread(low, high, at):
    """Share of encoded places up to `at`, where each is spread evenly over its [low, high]."""
    width = np.where(high > low, high - low, 1.0)
    shares = [np.where(high > low, (u - low) / width, u >= low).clip(0, 1).mean() for u in at]
    return np.array(shares)


def inside(low, high, share):
    return low + share * (high - low)


def floats(tree):
    """All floats in a tree of dicts, lists, tuples, arrays and scalars."""
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, list | tuple):
        return np.concatenate([[], *(floats(branch) for branch in tree)])
    leaf = np.ravel(np.asarray(tree))
    return leaf if leaf.dtype.kind == "f" else np.empty(0)


def test_known_values():
    quantiles = Quantiles(np.repeat([0, 10, 30], [5, 10, 5]), min_frequency=5)
    low, high = quantiles.interval(np.array([0, 10, 30]))
    np.testing.assert_allclose(low, [0.0, 0.25, 0.75])
    np.testing.assert_allclose(high, [0.25, 0.75, 1.0])
    np.testing.assert_array_equal(quantiles.value(np.array([0.0, 0.2, 0.3, 0.7, 0.8, 1.0])), [0, 0, 10, 10, 30, 30])


@each(LARGE)
def test_places_are_uniform(make):
    values = make()
    low, high = Quantiles(values, 5).interval(values)
    assert low.min() >= 0 and high.max() <= 1 and (low <= high).all()
    at = np.linspace(0, 1, 401)
    assert np.abs(spread(low, high, at) - at).max() < 0.01


@each(LARGE)
def test_even_places_give_the_distribution_back(make):
    values = make()
    given = np.sort(Quantiles(values, 5).value((np.arange(N) + 0.5) / N))
    at = np.quantile(values, np.linspace(0.005, 0.995, 199), method="nearest")
    # Just off the values, so that single precision against double makes no difference.
    off = 1e-6 * np.abs(at) if values.dtype.kind == "f" else 0
    for edge, side in ((at - off, "left"), (at + off, "right")):
        share = np.searchsorted(np.sort(values), edge, side) / len(values)
        assert np.abs(np.searchsorted(given, edge, side) / N - share).max() < 0.02


@each(ALL)
def test_values_stay_inside_the_range_and_in_order(make):
    values = make()
    given = Quantiles(values, 5).value(np.linspace(0, 1, 2001))
    assert given.dtype == values.dtype
    assert given.min() >= values.min() and given.max() <= values.max()
    # Single precision values of a decimal lattice differ from it in the eighth digit.
    slack = 1e-7 * np.abs(given[1:]) if values.dtype.kind == "f" else 0
    assert (given[1:] + slack >= given[:-1]).all()


@each(ALL)
@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_atoms_come_back_exactly(make, share):
    values = make()
    distinct, counts = np.unique(values, return_counts=True)
    atoms = distinct[(counts >= 5) | (len(distinct) == 1)]
    quantiles = Quantiles(values, 5)
    np.testing.assert_array_equal(quantiles.value(inside(*quantiles.interval(atoms), share)), atoms)


@each(LATTICES)
def test_lattice_values_come_back_within_their_group(make):
    values = make()
    quantiles = Quantiles(values, 5)
    given = quantiles.value(inside(*quantiles.interval(values), 0.5))
    distinct = np.unique(values)
    apart = np.abs(np.searchsorted(distinct, given) - np.searchsorted(distinct, values))
    assert apart.max() <= 2 * max(5, -(-len(values) // MAX_KNOTS))


@pytest.mark.parametrize(
    "name, unit, decimals",
    [("tenths", 0, 1), ("prices", 0, 2), ("25 grams", 25, 0), ("days in ns", 86_400 * 10**9, 0)],
)
def test_given_values_lie_on_the_lattice(name, unit, decimals):
    given = Quantiles(LATTICES[name](), 5).value(np.linspace(0, 1, 2001))
    on_lattice = given // unit * unit if unit >= 1 else np.round(given, decimals)
    np.testing.assert_array_equal(given, on_lattice)


def test_lattice_far_from_zero_is_counted_in_single_steps():
    values = 2**62 + 7 * np.arange(3000)
    given = Quantiles(values, 5).value(np.linspace(0, 1, 2001))
    assert ((given - 2**62) % 7 == 0).all()
    assert len(np.unique(given)) > 1500


@each(FLOATS)
def test_rare_floats_are_never_shown(make):
    values = make()
    distinct, counts = np.unique(values, return_counts=True)
    quantiles = Quantiles(values, 5)
    shown = quantiles.value(np.concatenate([np.linspace(0, 1, 20_001), quantiles.ranks]))
    assert not np.isin(shown, distinct[counts < 5]).any()


@each(FLOATS)
def test_rare_floats_are_never_stored(make):
    values = make()
    distinct, counts = np.unique(values, return_counts=True)
    rare = distinct[counts < 5]
    quantiles = Quantiles(values, 5)
    assert not np.isin(floats(quantiles.get_state()), rare).any()


@each(LATTICES)
def test_rare_lattice_values_are_no_atoms(make):
    distinct, counts = np.unique(make(), return_counts=True)
    np.testing.assert_array_equal(Quantiles(make(), 5).atoms, distinct[counts >= 5])


@pytest.mark.parametrize("name", ["normal", "uniform", "more rows than knots"])
@pytest.mark.parametrize("end", [0, -1])
def test_the_ends_cannot_be_worked_out_from_what_is_stored(name, end):
    # Known means of the same few rows are equations in them: 2 * edge - mean was the smallest value itself.
    values = FLOATS[name]()
    quantiles = Quantiles(values, 5)
    edge, group = quantiles.heights[[0, 1]] if end == 0 else quantiles.heights[[-1, -2]]
    reach = np.arange(1, 6)
    guesses = quantiles.grid.value(edge + reach * (edge - group))
    assert not np.isclose(guesses, np.sort(values)[end], rtol=1e-9, atol=0).any()


def test_one_odd_value_does_not_set_the_lattice():
    # Its distance from the constant would be the step, and origin + step the value itself.
    quantiles = Quantiles(np.append(np.full(50, 7), 1_000_007), 5)
    assert quantiles.grid.origin + quantiles.grid.step != 1_000_007


@each(LARGE)
def test_knots_are_few(make):
    quantiles = Quantiles(make(), 5)
    assert len(quantiles.ranks) <= MAX_KNOTS + 2 + 2 * len(quantiles.atoms)
    assert (np.diff(quantiles.ranks) >= 0).all() and (np.diff(quantiles.heights) >= 0).all()


@each(ALL)
def test_places_rise_with_values(make):
    values = np.unique(make())
    low, high = Quantiles(make(), 5).interval(values)
    assert (np.diff(low) >= 0).all() and (np.diff(high) >= 0).all()


@each(ALL)
def test_unseen_values_have_places(make):
    values = make()
    lowest, highest = (INT64.min, INT64.max) if values.dtype.kind == "i" else (-1.7e308, 1.7e308)
    unseen = np.array([lowest, 0, highest], dtype=values.dtype)
    low, high = Quantiles(values, 5).interval(unseen)
    assert (low >= 0).all() and (high <= 1).all() and (low <= high).all()
    assert (np.diff(low) >= 0).all()


@pytest.mark.parametrize("make", [ALL["constant, huge"], lambda: np.linspace(-1, 1, 50) * 1.7e308])
@pytest.mark.filterwarnings("error")
def test_the_largest_floats_are_quiet_and_finite(make):
    values = make()
    quantiles = Quantiles(values, 5)
    assert np.isfinite(quantiles.value(np.linspace(0, 1, 101))).all()
    assert np.isfinite(quantiles.interval(values)).all()


@each(ALL)
def test_state_is_all_there_is(make):
    values = make()
    fitted = Quantiles(values, 5)
    again = Quantiles.from_state(fitted.get_state())
    ranks = np.linspace(0, 1, 501)
    np.testing.assert_array_equal(again.value(ranks), fitted.value(ranks))
    np.testing.assert_array_equal(again.interval(values), fitted.interval(values))


def test_a_lower_min_frequency_makes_more_atoms():
    values = np.repeat(np.arange(10), np.arange(1, 11))
    assert [len(Quantiles(values, k).atoms) for k in (1, 2, 5, 10)] == [10, 9, 6, 1]


@pytest.mark.parametrize("seed", range(20))
def test_no_value_of_the_fit_lies_beyond_and_far_ones_do(seed):
    rng = np.random.default_rng(seed)
    n = rng.integers(1, 300)
    values = np.exp(rng.normal(size=n) * rng.choice([0.1, 1, 3]))
    values = [values, values.round(1), np.rint(values).astype(np.int64), np.repeat(values, 3)][seed % 4]
    quantiles = Quantiles(values, min_frequency=5)
    assert not quantiles.is_beyond(values).any()
    spread = np.ptp(values) + 1
    far = np.array([values.min() - 4 * spread, values.max() + 4 * spread]).astype(values.dtype)
    assert quantiles.is_beyond(far).all()
    low, high = quantiles.range()
    assert values.min() <= low <= high <= values.max()
