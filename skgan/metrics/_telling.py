"""Which columns, and pairs of columns, a classifier tells synthetic rows from real ones by."""

from itertools import combinations
from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata
from sklearn.ensemble import HistGradientBoostingClassifier

from skgan._forked import one_openmp_thread_if_forked
from skgan._forms import joint_matrix

# Half of these rows are fitted and the other half is judged, in turn.
MAX_ROWS, MIN_ROWS = 2_000, 500
MAX_CELLS = 100_000
MAX_CELLS_AT_ONCE = 2_000_000
# Of the judged rows, at most so many cells are shuffled, which is done once per column.
SHUFFLED_CELLS, MIN_SHUFFLED = 30_000, 200
TREES = {"max_iter": 15, "learning_rate": 0.3, "max_leaf_nodes": 15, "max_bins": 64, "early_stopping": False}
# Fewer and smaller trees are enough for one column or two.
SMALL_TREES = {**TREES, "max_iter": 8}
MAX_NAMED = 5
# An AUC, or a difference of two, below this or below so many deviations by chance is not named.
LEAST = 0.02
SURE = 3.0


class Telling(NamedTuple):
    """A column, or a pair of columns, that gives synthetic rows away.

    Attributes
    ----------
    column : name of a column, or a pair of names
    auc : float
        AUC of a classifier that is given nothing else.
    drop : float
        By how much the AUC of a classifier that is given all columns falls if this one is shuffled; NaN for a pair.
    """

    column: object
    auc: float
    drop: float


def telling_columns(real, synthetic, *, also=(), random_state=0):
    """The columns that give synthetic rows away, and the pairs of these that do it together.

    Parameters
    ----------
    real, synthetic : Table
    also : sequence of int, default=()
        Positions of columns that are tried too. Where several columns give all rows away, shuffling one of them changes
        nothing.
    random_state : int, default=0

    Returns
    -------
    list of Telling
        At most five columns, the most telling first, and then at most five pairs.
    """
    problem = _Problem(real, synthetic, np.random.default_rng(random_state))
    drops = problem.drops()
    tried = dict.fromkeys([*np.argsort(-drops, kind="stable")[:MAX_NAMED].tolist(), *also])
    scores = {j: problem.scores([j]) for j in tried}
    alone = {j: problem.auc(scores[j]) for j in tried}
    # A column counts by what it tells alone, or by what the others cannot tell without it.
    weight = {j: max(alone[j] - 0.5, drops[j]) for j in tried}
    least = max(LEAST, SURE * problem.deviation)
    # A drop compares two AUCs of the same rows, so chance changes it less.
    tells = {j: alone[j] - 0.5 >= least or drops[j] >= max(LEAST, least / 2) for j in tried}
    named = [j for j in sorted(tried, key=lambda j: -weight[j]) if tells[j]][:MAX_NAMED]
    columns = [Telling(real.columns[j].name, alone[j], float(drops[j])) for j in named]
    pairs = []
    for i, j in combinations(named, 2):
        auc = problem.auc(problem.scores([i, j]))
        # What both tell without their dependence on each other: the sum of their log-odds.
        if auc >= max(alone[i], alone[j], problem.auc(scores[i] + scores[j])) + least:
            pairs.append(Telling((real.columns[i].name, real.columns[j].name), auc, float("nan")))
    return columns + sorted(pairs, key=lambda pair: -pair.auc)[:MAX_NAMED]


class _Problem:
    """Some rows of both tables as numbers, cut into two halves, each of which is judged by a model of the other."""

    def __init__(self, real, synthetic, rng):
        n = int(np.clip(MAX_CELLS // len(real.columns), MIN_ROWS, MAX_ROWS))
        sides = [table.take(np.sort(rng.permutation(table.n_rows)[:n])) for table in (real, synthetic)]
        A, B, self.categorical = joint_matrix(*sides, max_categories=TREES["max_bins"] - 5)
        self.X = np.concatenate([A, B])
        self.is_real = np.repeat([1, 0], [len(A), len(B)])
        self.half = np.concatenate([rng.permutation(len(side)) % 2 for side in (A, B)])
        self.rng, self.seed = rng, int(rng.integers(2**31))

    @property
    def _halves(self):
        return self.half == 0, self.half == 1

    def drops(self):
        """By how much the AUC falls if a column of the judged rows is shuffled; 0 for a column that is constant."""
        varies = np.flatnonzero([len(np.unique(column)) > 1 for column in self.X.T])
        drops = np.zeros(self.X.shape[1])
        if not len(varies):
            return drops
        for model, rows, is_real in self._models(varies, TREES):
            some = self.rng.permutation(len(rows))[: max(SHUFFLED_CELLS // len(varies), MIN_SHUFFLED)]
            rows, is_real = rows[some], is_real[some]
            [auc] = _aucs(_judged(model, rows[None]), is_real)
            # Several copies are judged at once, because each call has a cost of its own.
            n_copies = max(MAX_CELLS_AT_ONCE // rows.size, 1)
            for start in range(0, len(varies), n_copies):
                places = np.arange(start, min(start + n_copies, len(varies)))
                copies = np.repeat(rows[None], len(places), axis=0)
                for copy, place in zip(copies, places):
                    copy[:, place] = self.rng.permutation(copy[:, place])
                drops[varies[places]] += (auc - _aucs(_judged(model, copies), is_real)) / 2
        return drops

    def scores(self, columns):
        """The log-odds (n,) of being real, by classifiers that are given these columns."""
        scores = np.empty(len(self.X))
        for judged, (model, rows, _) in zip(self._halves, self._models(columns, SMALL_TREES)):
            scores[judged] = model.decision_function(rows)
        return scores

    def auc(self, scores):
        """The mean AUC of the halves."""
        return float(np.mean([_aucs(scores[None, half], self.is_real[half])[0] for half in self._halves]))

    @property
    def deviation(self):
        """The standard deviation of an AUC by chance."""
        n_real, n_synthetic = self.is_real.sum(), (1 - self.is_real).sum()
        return float(np.sqrt((n_real + n_synthetic + 1) / (12 * n_real * n_synthetic)))

    def _models(self, columns, trees):
        """(model of one half, rows of the other, whether these are real), for each half."""
        X, smallest_leaf = self.X[:, columns], int(np.clip(len(self.X) // 40, 1, 20))
        for judged in self._halves:
            # scikit-learn's trees fail on a column whose values are all missing; it carries no information anyway.
            filled = np.where(np.isnan(X[~judged]).all(axis=0), 0.0, X)
            model = HistGradientBoostingClassifier(
                **trees,
                min_samples_leaf=smallest_leaf,
                categorical_features=self.categorical[columns],
                random_state=self.seed,
            )
            with one_openmp_thread_if_forked():
                model.fit(filled[~judged], self.is_real[~judged])
            yield model, filled[judged], self.is_real[judged]


@one_openmp_thread_if_forked()
def _judged(model, copies):
    """The log-odds (n_copies, n_rows) of copies (n_copies, n_rows, n_columns) of some rows."""
    return model.decision_function(copies.reshape(-1, copies.shape[2])).reshape(copies.shape[:2])


def _aucs(scores, is_real):
    """The AUC of each row of scores (n_copies, n_rows)."""
    n_real, n_rows = is_real.sum(), len(is_real)
    ranks = rankdata(scores, axis=1)[:, is_real == 1].sum(axis=1)
    return (ranks - n_real * (n_real + 1) / 2) / (n_real * (n_rows - n_real))
