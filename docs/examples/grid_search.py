"""A grid search over samplers of the penguins, and the scores of the best one on held-out rows."""

from sklearn.model_selection import GridSearchCV, train_test_split

from skgan import GANSampler
from skgan.datasets import load_penguins
from skgan.metrics import get_scorer

train, test = train_test_split(load_penguins(), test_size=0.3, random_state=0)
search = GridSearchCV(
    GANSampler(max_iter=300, random_state=0),
    {"loss": ["relativistic", "hinge"], "hidden_layer_sizes": [(8,), (64, 64)]},
    scoring={name: get_scorer(name) for name in ("two_sample", "pair_trends", "coverage")},
    refit="two_sample",
    cv=2,
)
search.fit(train)

print(search.best_params_)
for name, scorer in search.scorer_.items():
    in_search = search.cv_results_[f"mean_test_{name}"][search.best_index_]
    print(f"{name}: {in_search:.2f} in the search, {scorer(search.best_estimator_, test):.2f} held out")
