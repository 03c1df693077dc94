"""What each command does, in order."""

from __future__ import annotations

import time

from skgan._counted import counted
from skgan.datasets._files import Like

from ._arguments import build_fit_parser, build_report_parser, build_resume_parser, build_sample_parser
from ._checkpoint import check_checkpoint, continued, keeping, remove
from ._data import check_column, read_alike, read_data, read_file, split, tell_recognised, without
from ._errors import UserError, reason
from ._fit import data_of, fit, options_of, targets_of, wanted_of
from ._given import wanted_from
from ._model import open_model, save_model
from ._output import (
    check_distinct,
    check_enough,
    check_html,
    check_out,
    check_report,
    check_save,
    checked,
    write_report,
)
from ._rows import write_sample
from ._unlearned import id_columns_of
from ._where import conditions_of, with_known

UNUSABLE = (MemoryError, TypeError, ValueError)


def run_line(arguments):
    """Fit a sampler to the table DATA and write rows; the command without a word."""
    start = time.monotonic()
    out, model, report = check_out(arguments.out, arguments.data), check_save(arguments), check_report(arguments)
    check_distinct({"--out": out, "--save": model, "--report": report})
    table = read_data(arguments)
    conditions = conditions_of(arguments.where, table)
    targets = targets_of(arguments, table.frame, conditions)
    options = options_of(arguments, list(table.frame.drop(columns=targets)))
    frame, held_out = split(with_known(table.frame, conditions), arguments.holdout, arguments.seed)
    rows = arguments.rows or len(table.frame)
    compared = [meeting(conditions, part) for part in (frame, held_out)]
    if report is not None:
        real, fresh = [None if part is None else len(part) for part in compared]
        check_enough(real, rows, fresh, conditions)
    tell_recognised(table)
    like, wanted = Like(table, targets), wanted_of(targets, conditions)
    if held_out is not None and not (arguments.id_column or arguments.no_id_columns):
        # Numbers that count have gaps where rows are held out.
        id_columns = id_columns_of(*[each.drop(columns=targets) for each in (table.frame, frame)])
        options |= {} if id_columns is None else {"id_columns": id_columns}
    try:
        sampler = fit(frame, targets, options, conditions)
        size, synthetic = write_sample(sampler, rows, wanted, like, out, kept=report is not None)
    except UNUSABLE as error:
        raise UserError(f"no rows could be made from {arguments.data}: {reason(error)}.") from None
    print(f"Wrote {size} to {arguments.out} in {time.monotonic() - start:.1f} s.")
    done = f"the rows are in {arguments.out}"
    if model is not None:
        save_model(sampler, model, like, arguments.save, done)
        print(f"Saved the model to {arguments.save}.")
    if report is not None:
        target = None if conditions else arguments.target
        parts = (compared[0], meeting(conditions, synthetic), compared[1])
        write_report(report, arguments.report, *parts, target, arguments, done)
        print(f"Wrote the report on them to {arguments.report}.")


def run_fit(arguments):
    """Fit a sampler to the table DATA and save it."""
    start = time.monotonic()
    out = checked(arguments.out, arguments.data, "save the model to another file")
    checkpoint = check_checkpoint(arguments)
    table = read_data(arguments)
    targets = targets_of(arguments, table.frame, {})
    options = options_of(arguments, list(table.frame.drop(columns=targets)))
    tell_recognised(table)
    with keeping(checkpoint, arguments) as callbacks:
        try:
            sampler = fit(table.frame, targets, options, callbacks=callbacks)
        except UNUSABLE as error:
            raise UserError(f"no model could be fitted to {arguments.data}: {reason(error)}.") from None
        save_model(sampler, out, Like(table, targets), arguments.out)
    remove(checkpoint)
    size = f"{counted(len(table.frame), 'row')} of {counted(table.frame.shape[1], 'column')}"
    print(f"Fitted a model to {size} and saved it to {arguments.out} in {time.monotonic() - start:.1f} s.")


def run_resume(arguments):
    """Continue a fit that was stopped, and save the sampler."""
    start = time.monotonic()
    out = checked(arguments.out, arguments.data, "save the model to another file")
    checkpoint = check_checkpoint(arguments, is_there=True)
    table = read_data(arguments)
    targets = targets_of(arguments, table.frame, {})
    with keeping(checkpoint, arguments):
        try:
            sampler = continued(checkpoint, data_of(table.frame, targets), arguments)
        except (OSError, *UNUSABLE) as error:
            raise UserError(f"the fit cannot go on: {reason(error)}.") from None
        save_model(sampler, out, Like(table, targets), arguments.out)
    remove(checkpoint)
    print(f"Finished the fit and saved the model to {arguments.out} in {time.monotonic() - start:.1f} s.")


def run_sample(arguments):
    """Write rows of a saved model."""
    start = time.monotonic()
    out = check_out(arguments.out, arguments.model, what="the model")
    sampler, like = open_model(arguments.model)
    wanted = wanted_from(arguments.where, sampler, like, arguments.model)
    # A model says at its fit whether it shows progress.
    sampler.set_params(verbose=1)
    try:
        size, _ = write_sample(sampler, arguments.rows, wanted, like, out, arguments.seed)
    except UNUSABLE as error:
        raise UserError(f"no rows could be made from {arguments.model}: {reason(error)}.") from None
    print(f"Wrote {size} to {arguments.out} in {time.monotonic() - start:.1f} s.")


def run_report(arguments):
    """Evaluate synthetic rows beside the real ones of DATA."""
    out = check_html(arguments.out, arguments.data)
    for source, what in ((arguments.synthetic, "the synthetic rows"), (arguments.holdout, "the held-out rows")):
        if source is not None:
            checked(arguments.out, source, "write the report to another file", what)
    table = read_file(arguments.data, arguments)
    names = [name for name in (arguments.synthetic, arguments.holdout) if name is not None]
    others = [read_alike(name, arguments, table) for name in names]
    frame, *others = [without(each, arguments.drop).frame for each in (table, *others)]
    synthetic, held_out = (*others, None)[:2]
    if arguments.target is not None:
        check_column(arguments.target, list(frame), "to be the target")
    write_report(out, arguments.out, frame, synthetic, held_out, arguments.target, arguments)
    print(f"Wrote the report on {counted(len(synthetic), 'row')} of {arguments.synthetic} to {arguments.out}.")


def meeting(conditions, frame):
    """The rows that meet the conditions, without the columns of these; None for no frame."""
    if frame is None or not conditions:
        return frame
    meets = (frame[list(conditions)] == list(conditions.values())).all(axis=1)
    return frame[meets].drop(columns=list(conditions)).reset_index(drop=True)


# What a word in the first place does. No table has such a name, because the names of files end in their kind.
COMMANDS = {
    "fit": (build_fit_parser, run_fit),
    "resume": (build_resume_parser, run_resume),
    "sample": (build_sample_parser, run_sample),
    "report": (build_report_parser, run_report),
}
