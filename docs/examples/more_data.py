"""A fitted sampler goes on learning from rows that come later. A few seconds on one core of a CPU."""

import textwrap
import warnings

import skgan
from skgan.datasets import load_penguins
from skgan.exceptions import NewValuesWarning

# The first fit knows two islands; rows of the third one come later.
penguins = load_penguins()
is_later = penguins["island"] == "Dream"
first, later = penguins[~is_later], penguins[is_later]

sampler = skgan.GANSampler(max_iter=100, random_state=0).fit(first)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    sampler.partial_fit(later)
print(textwrap.fill(str(caught[0].message), 120))
print(f"{sampler.n_iter_} steps in the last fit, {sampler.t_} in all")
print(f"on Dream: {(sampler.sample(1000)['island'] == 'Dream').mean():.0%} of the rows")

# A fit generates rows like its own rows. For all islands, pass all rows.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", NewValuesWarning)
    sampler.set_params(warm_start=True).fit(penguins)
print(f"on Dream: {(sampler.sample(1000)['island'] == 'Dream').mean():.0%} of the rows")
