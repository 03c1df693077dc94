"""A callback of scikit-learn records a score at each step, in a fit and in a search. Needs scikit-learn 1.9."""

from sklearn.callback import ScoringMonitor
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV, StratifiedKFold

from skgan import ConditionalGANSampler
from skgan.metrics import get_scorer

X, y = load_iris(return_X_y=True)
scorer = get_scorer("column_shapes")
sampler = ConditionalGANSampler(max_iter=6, refine=False, random_state=0)

# One fit: the score of each step, on the training rows.
monitor = ScoringMonitor(scoring={"column_shapes": scorer})
sampler.set_callbacks(monitor).fit(X, y)
log = monitor.get_logs().data_as_pandas
print(log[["task_name", "task_id", "column_shapes"]].round(2).to_string(index=False))

# A search: one log of all its fits, here of two candidates in two folds and of the final fit.
folds = StratifiedKFold(2, shuffle=True, random_state=0)
search = GridSearchCV(sampler, {"batch_size": [16, 32]}, scoring=scorer, cv=folds).fit(X, y)
log = monitor.get_logs().data_as_pandas
print(f"{(log['task_name'] == 'step').sum()} scores of steps in the search")
