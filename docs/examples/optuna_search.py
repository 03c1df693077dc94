"""A search with optuna: any scorer can be the objective."""

import optuna
from sklearn.model_selection import KFold, cross_val_score

from skgan import GANSampler
from skgan.datasets import load_penguins
from skgan.metrics import get_scorer

penguins = load_penguins()
folds = KFold(2, shuffle=True, random_state=0)


def objective(trial):
    loss = trial.suggest_categorical("loss", ["relativistic", "hinge", "wasserstein"])
    width = trial.suggest_int("width", 8, 128, log=True)
    sampler = GANSampler(loss=loss, hidden_layer_sizes=(width, width), max_iter=300, random_state=0)
    return cross_val_score(sampler, penguins, scoring=get_scorer("two_sample"), cv=folds).mean()


study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=0))
study.optimize(objective, n_trials=10)
print(study.best_params, study.best_value)
