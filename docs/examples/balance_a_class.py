"""On which island does a penguin live? Few live on the third: what balancing does, inside the folds and before them.

The table has text and gaps, so SMOTE does not take it. Half a minute on one core of a CPU. Needs the extra `imblearn`.
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

words = OneHotEncoder(handle_unknown="ignore"), make_column_selector(dtype_exclude="number")
numbers = make_pipeline(SimpleImputer(), StandardScaler())
prepare = make_column_transformer(words, remainder=numbers)
folds = StratifiedKFold(5, shuffle=True, random_state=0)
generate, repeat = GANOverSampler(random_state=0), RandomOverSampler(random_state=0)


def tell(what, model, X, y):
    """Means over the folds."""
    scores = cross_validate(model, X, y, cv=folds, scoring=["balanced_accuracy", "neg_log_loss"], error_score="raise")
    accuracy, loss = scores["test_balanced_accuracy"].mean(), -scores["test_neg_log_loss"].mean()
    print(f"  {what:<28} {accuracy:>17.2f} {loss:>8.2f}")


repeated, generated = repeat.fit_resample(X, y), generate.fit_resample(X, y)
with TemporaryDirectory() as folder:  # with memory, rows are generated once a fold and serve both models
    for model in LogisticRegression(max_iter=1000), RandomForestClassifier(random_state=0):
        print(f"{type(model).__name__:<30} balanced accuracy log loss")
        weighted = type(model)(**{**model.get_params(), "class_weight": "balanced"})
        tell("as they are", make_pipeline(prepare, model), X, y)
        tell("class weights", make_pipeline(prepare, weighted), X, y)
        tell("repeated rows", make_pipeline(repeat, prepare, model), X, y)
        tell("generated rows", make_pipeline(generate, prepare, model, memory=folder), X, y)
        # Wrong: rows that follow those of a test fold are among its training rows, and generated rows are tested on.
        tell("WRONG: repeated before", make_pipeline(prepare, model), *repeated)
        tell("WRONG: generated before", make_pipeline(prepare, model), *generated)
