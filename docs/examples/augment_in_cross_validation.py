"""Generated rows for models with few training rows: in cross-validation, in a grid search, and with data leakage.

Takes about 50 seconds on one core of a CPU, mostly for fits of samplers.
"""

import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    StratifiedKFold,
    StratifiedShuffleSplit,
    cross_val_score,
    cross_validate,
    train_test_split,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor

from skgan import AugmentedClassifier, AugmentedRegressor, ConditionalGANSampler, GANSampler

sampler = ConditionalGANSampler(max_iter=150, regularizer_weight=0.1, refine=False)

# Train on 100 patients, test on the other 469, three times.
X, y = load_breast_cancer(return_X_y=True)
splits = StratifiedShuffleSplit(3, train_size=100, random_state=0)
print("log loss of a weakly regularised logistic regression, 3 times 100 patients")
for n_synthetic in 0, 3.0, "auto":
    model = LogisticRegression(C=100, max_iter=1000)
    augmented = AugmentedClassifier(model, sampler, n_synthetic=n_synthetic, random_state=0)
    pipeline = make_pipeline(StandardScaler(), augmented)
    result = cross_validate(pipeline, X, y, cv=splits, scoring="neg_log_loss", return_estimator=True)
    added = [fitted[-1].n_synthetic_ for fitted in result["estimator"]]
    print(f"  n_synthetic={n_synthetic!r:<7} {-result['test_score'].mean():.3f}, rows added: {added}")

# A grid search over nested parameters.
X_train, X_test, y_train, y_test = train_test_split(*load_diabetes(return_X_y=True), train_size=200, random_state=0)
tree = AugmentedRegressor(DecisionTreeRegressor(random_state=0), sampler, random_state=0)
grid = {"n_synthetic": [0, "auto"], "estimator__min_samples_leaf": [1, 20]}
search = GridSearchCV(tree, grid, cv=2).fit(X_train, y_train)
print("R2 of a tree, 200 rows of diabetes")
for params, score in zip(search.cv_results_["params"], search.cv_results_["mean_test_score"]):
    print(f"  {score:.2f} {params}")
print(f"  {search.score(X_test, y_test):.2f} held out, {search.best_estimator_.n_synthetic_} rows added")
if search.best_estimator_.validation_ is not None:
    print(search.best_estimator_.validation_.round(1).to_string(index=False))

# Data leakage. The labels are shuffled, so nothing can be learned, and the true accuracy is 0.5.
folds = StratifiedKFold(3, shuffle=True, random_state=0)
of_class = GANSampler(max_iter=150, refine=False, random_state=0)  # fitted on each class separately
model = make_pipeline(StandardScaler(), KNeighborsClassifier())
inside = AugmentedClassifier(model, of_class, n_synthetic=3.0, random_state=0)
rows = np.concatenate([np.flatnonzero(y == label)[:40] for label in (0, 1)])
accuracy = {
    "generated inside each fold": [],
    "WRONG: generated before the split": [],
    "WRONG: also tested on generated rows": [],
}
for seed in range(3):
    X_few, y_few = X[rows], np.random.default_rng(seed).permutation(y[rows])
    new = [of_class.fit(X_few[y_few == label]).sample(120) for label in (0, 1)]
    X_new, y_new = np.concatenate(new), np.repeat([0, 1], 120)
    X_all, y_all = np.concatenate([X_few, X_new]), np.concatenate([y_few, y_new])
    generated = np.arange(len(rows), len(X_all))
    not_tested = [(np.concatenate([train, generated]), test) for train, test in folds.split(X_few, y_few)]
    scores = (
        cross_val_score(inside, X_few, y_few, cv=folds),
        cross_val_score(model, X_all, y_all, cv=not_tested),
        cross_val_score(model, X_all, y_all, cv=folds),
    )
    for means, score in zip(accuracy.values(), scores):
        means.append(score.mean())
print("accuracy of nearest neighbours on 80 patients with shuffled labels, 3 shuffles")
for procedure, means in accuracy.items():
    print(f"  {np.mean(means):.2f} {procedure}")
