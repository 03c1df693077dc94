"""Predict the island of a penguin, where one island is rare: balancing inside each fold, and wrongly before the split.

The table has text and missing values, which SMOTE does not accept. Takes half a minute on one core of a CPU. Needs the
extra `imblearn`.
"""

from tempfile import TemporaryDirectory

from imblearn.over_sampling import RandomOverSampler
from imblearn.pipeline import make_pipeline
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_validate
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from skgan.datasets import load_penguins
from skgan.over_sampling import GANOverSampler

penguins = load_penguins()
X, y = penguins.drop(columns="island"), penguins["island"]  # 168, 124 and 52 penguins

text = OneHotEncoder(handle_unknown="ignore"), make_column_selector(dtype_exclude="number")
numbers = make_pipeline(SimpleImputer(), StandardScaler())
prepare = make_column_transformer(text, remainder=numbers)
folds = StratifiedKFold(5, shuffle=True, random_state=0)
generate, repeat = GANOverSampler(random_state=0), RandomOverSampler(random_state=0)


def report(name, model, X, y):
    """Print the means over the folds."""
    scores = cross_validate(model, X, y, cv=folds, scoring=["balanced_accuracy", "neg_log_loss"], error_score="raise")
    accuracy, loss = scores["test_balanced_accuracy"].mean(), -scores["test_neg_log_loss"].mean()
    print(f"  {name:<28} {accuracy:>17.2f} {loss:>8.2f}")


repeated, generated = repeat.fit_resample(X, y), generate.fit_resample(X, y)
with TemporaryDirectory() as folder:  # the cache: rows are generated once per fold, and both models use them
    for model in LogisticRegression(max_iter=1000), RandomForestClassifier(random_state=0):
        print(f"{type(model).__name__:<30} balanced accuracy log loss")
        weighted = type(model)(**{**model.get_params(), "class_weight": "balanced"})
        report("no balancing", make_pipeline(prepare, model), X, y)
        report("class weights", make_pipeline(prepare, weighted), X, y)
        report("repeated rows", make_pipeline(repeat, prepare, model), X, y)
        report("generated rows", make_pipeline(generate, prepare, model, memory=folder), X, y)
        # Wrong: training rows were generated from test rows, or repeat them, and test folds contain generated rows.
        report("WRONG: repeat, then split", make_pipeline(prepare, model), *repeated)
        report("WRONG: generate, then split", make_pipeline(prepare, model), *generated)
